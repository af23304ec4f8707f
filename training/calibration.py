"""How far the event heads' chances can be believed, before and after a temperature, on the development part.

  python training/calibration.py --minilm MODEL_FOLDER --checkpoint RUN/events.pt

For each head: the temperature that fits best, the mean log loss, and the expected calibration error over ten bins, in
percent, without and with it.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from events import EventTask, prepared, restored
from examples import Example, corpus_examples, usable
from train import load_pieces, padded, tensors


@torch.no_grad()
def gathered(net, task: EventTask, held: list[Example]) -> dict[str, tuple[Tensor, Tensor]]:
    """The logits and the right labels of each head where the corpus has an answer."""
    net.eval()
    logits: dict[str, list[Tensor]] = {k: [] for k in ("types", "status", "actor", "recipient", "cues")}
    gold: dict[str, list[int]] = {k: [] for k in logits}
    for e in held:
        x = net.words(**tensors(padded([e.words], task.pieces)))
        n = len(e.words)
        kinds = {t.word: task.types[t.type] for t in e.triggers}
        cues = {s.cue[0] for s in e.sayings}
        for i in range(n):
            logits["types"].append(net.types(x)[0, i])
            gold["types"].append(kinds.get(i, 0))
        for i, row in enumerate(net.cues(x)[0, :n]):
            logits["cues"].append(row)
            gold["cues"].append(int(i in cues))
        roles = net.roles(x)[0][:, :, : n + 1]
        for t in e.triggers:
            logits["status"].append(net.status(x)[0, t.word])
            gold["status"].append(task.index["status"][t.status])
            for side, (name, people) in enumerate((("actor", t.actor), ("recipient", t.recipient))):
                if len(people) < 2:
                    logits[name].append(F.pad(roles[side, t.word], (0, 130 - n - 1), value=-1e4))
                    gold[name].append(people[0] + 1 if people else 0)
    return {k: (torch.stack(logits[k]), torch.tensor(gold[k])) for k in logits}


def expected_error(logits: Tensor, gold: Tensor) -> float:
    """The mean gap between how sure and how right the best label is, over ten bins of sureness."""
    sure, best = logits.softmax(-1).max(-1)
    right = (best == gold).float()
    bins = (sure * 10).long().clamp(max=9)
    gaps = [
        float((bins == b).float().mean() * (sure[bins == b].mean() - right[bins == b].mean()).abs())
        for b in range(10)
        if bool((bins == b).any())
    ]
    return 100 * sum(gaps)


def best_temperature(logits: Tensor, gold: Tensor) -> float:
    """By trying: from 0.5 to 3 in steps of a twentieth."""
    tries = [0.5 + 0.05 * k for k in range(51)]
    return min(tries, key=lambda t: float(F.cross_entropy(logits / t, gold)))


def main() -> None:
    """Print a line a head."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    args = parser.parse_args()
    pieces = load_pieces(args.minilm)
    net, labels = restored(args.checkpoint)
    held = prepared(usable(corpus_examples([args.corpus / "dev.jsonl"], None, random.Random(1))), net, labels, pieces)
    for head, (logits, gold) in gathered(net, EventTask(pieces, labels), held).items():
        t = best_temperature(logits, gold)
        figures = {
            "temperature": round(t, 2), "loss": round(float(F.cross_entropy(logits, gold)), 4),
            "loss_then": round(float(F.cross_entropy(logits / t, gold)), 4),
            "error": round(expected_error(logits, gold), 2), "error_then": round(expected_error(logits / t, gold), 2),
        }  # fmt: skip
        print(json.dumps({"head": head, **figures}))


if __name__ == "__main__":
    main()
