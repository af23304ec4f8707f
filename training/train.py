"""Train the network, in two steps, each with a checkpoint.

  python training/train.py read   --data DATA --minilm MODEL_FOLDER --out RUN     tags, parse, lemmas, names
  python training/train.py events --data DATA --minilm MODEL_FOLDER --out RUN     triggers, roles, status

DATA is the folder described in training/README.md; MODEL_FOLDER the published MiniLM; RUN holds checkpoints and logs.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from model import Net
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from treebanks import Tree, label_sets, lemma_script, load

from truceline.nlp.network import SHAPES, Batch, Pieces, make_batch

TYPES = ["O", "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE", "MOBILIZE",
         "PROTEST", "REJECT", "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN"]  # fmt: skip
STATUS = ["asserted", "negated", "planned", "hypothetical", "historical"]
IGNORE = -100


def tensors(batch: Batch) -> dict[str, Tensor]:
    return {k: torch.from_numpy(getattr(batch, k)) for k in ("pieces", "shapes", "mask", "first", "last")}


def recased(words: list[str], rng: random.Random) -> list[str]:
    """Now and then a headline in capitals, a post in lower case, Or A Headline Like This."""
    draw = rng.random()
    if draw < 0.04:
        return [w.upper() for w in words]
    if draw < 0.07:
        return [w.lower() for w in words]
    if draw < 0.10:
        return [w[:1].upper() + w[1:] for w in words]
    return words


def grouped(items: list, size: int, rng: random.Random) -> list[list]:
    """Batches of about ``size`` words, like lengths together, in random order."""
    order = sorted(items, key=lambda t: len(t.words) + rng.random() * 3)
    batches, batch = [], []
    for item in order:
        if batch and (len(batch) + 1) * len(item.words) > size:
            batches.append(batch)
            batch = []
        batch.append(item)
    if batch:
        batches.append(batch)
    rng.shuffle(batches)
    return batches


class TreeTask:
    """Losses of the reading heads."""

    def __init__(self, labels: dict[str, list[str]], pieces: Pieces) -> None:
        self.index = {k: {v: i for i, v in enumerate(vs)} for k, vs in labels.items()}
        self.pieces = pieces

    def gold(self, trees: list[Tree], deep: int) -> dict[str, Tensor]:
        out = {k: np.full((len(trees), deep), IGNORE) for k in ("upos", "xpos", "lemma", "names", "heads", "deprel")}
        for r, t in enumerate(trees):
            n = len(t.words)
            out["upos"][r, :n] = [self.index["upos"].get(u, IGNORE) for u in t.upos]
            out["xpos"][r, :n] = [self.index["xpos"].get(x, IGNORE) for x in t.xpos]
            scripts = (lemma_script(w, m) for w, m in zip(t.words, t.lemma, strict=True))
            out["lemma"][r, :n] = [self.index["lemma"].get(s, IGNORE) for s in scripts]
            out["heads"][r, :n] = np.array(t.heads) + 1
            out["deprel"][r, :n] = [self.index["deprel"].get(d, IGNORE) for d in t.deprel]
            if t.names is not None:
                out["names"][r, :n] = [self.index["names"][x] for x in t.names]
        return {k: torch.from_numpy(v) for k, v in out.items()}

    def loss(self, net: Net, trees: list[Tree], rng: random.Random) -> Tensor:
        batch = make_batch([recased(t.words, rng) for t in trees], self.pieces)
        gold = self.gold(trees, batch.first.shape[1])
        x = net.words(**tensors(batch))
        heads = gold["heads"]
        flat = lambda scores, want: F.cross_entropy(scores.flatten(0, 1), want.flatten(), ignore_index=IGNORE)  # noqa: E731
        columns = torch.arange(batch.first.shape[1] + 1)[None]
        beyond = columns > torch.tensor(batch.lengths)[:, None]
        arcs = net.arcs(x)[:, 0].masked_fill(beyond[:, None], -1e4)
        at = heads.clamp(min=0)[:, None, :, None].expand(-1, len(self.index["deprel"]), -1, 1)
        labels = net.deprel(x).gather(3, at)[..., 0].transpose(1, 2)
        loss = flat(arcs, heads) + flat(labels, gold["deprel"])
        loss = loss + 0.5 * flat(net.upos(x), gold["upos"]) + 0.5 * flat(net.xpos(x), gold["xpos"])
        loss = loss + 0.5 * flat(net.lemma(x), gold["lemma"])
        if bool((gold["names"] != IGNORE).any()):
            loss = loss + 0.7 * flat(net.names(x), gold["names"])
        return loss


@torch.no_grad()
def dev_scores(net: Net, task: TreeTask, trees: list[Tree], words: int = 12000) -> dict[str, float]:
    """Greedy scores on the first sentences: quick, to watch the training; evaluation/ has the real ones."""
    net.eval()
    picked, total = [], 0
    for t in trees:
        picked.append(t)
        total += len(t.words)
        if total > words:
            break
    hits = dict.fromkeys(("upos", "xpos", "lemma", "uas", "las"), 0)
    for group in grouped(picked, 1500, random.Random(0)):
        batch = make_batch([t.words for t in group], task.pieces)
        out = net(**tensors(batch))
        names = ("upos", "xpos", "lemma", "names", "arcs", "deprel")
        guess = dict(zip(names, out, strict=False))
        gold = task.gold(group, batch.first.shape[1])
        for r, t in enumerate(group):
            n = len(t.words)
            for k in ("upos", "xpos", "lemma"):
                hits[k] += int((guess[k][r, :n].argmax(-1) == gold[k][r, :n]).sum())
            heads = guess["arcs"][r, :n, : n + 1].argmax(-1)
            labels = guess["deprel"][r, torch.arange(n), :, heads].argmax(-1)
            right = heads == gold["heads"][r, :n]
            hits["uas"] += int(right.sum())
            hits["las"] += int((right & (labels == gold["deprel"][r, :n])).sum())
    net.train()
    return {k: round(100 * v / total, 2) for k, v in hits.items()}


def optimiser(net: Net, *, encoder: float, heads: float) -> torch.optim.AdamW:
    inside = list(net.encoder.parameters())
    known = {id(p) for p in inside}
    outside = [p for p in net.parameters() if id(p) not in known]
    return torch.optim.AdamW(
        [{"params": inside, "lr": encoder, "peak": encoder}, {"params": outside, "lr": heads, "peak": heads}],
        betas=(0.9, 0.98), weight_decay=0.01,
    )  # fmt: skip


def set_rate(opt: torch.optim.AdamW, done: float) -> None:
    """One cycle: 8 % up, then down along a cosine."""
    share = done / 0.08 if done < 0.08 else 0.5 * (1 + math.cos(math.pi * (done - 0.08) / 0.92))
    for group in opt.param_groups:
        group["lr"] = group["peak"] * max(share, 1e-3)


def step(net: Net, opt: torch.optim.AdamW, loss: Tensor) -> None:
    opt.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()


def save(net: Net, labels: dict[str, list[str]], path: Path) -> None:
    part = path.with_suffix(".part")
    torch.save({"net": net.state_dict(), "labels": labels}, part)
    part.replace(path)


def train_reading(args: argparse.Namespace) -> None:
    rng = random.Random(args.seed)
    trees = load(args.data / "treebanks", "train")
    dev = load(args.data / "treebanks", "dev")
    labels = {**label_sets(trees), "types": TYPES, "status": STATUS}
    pieces = Pieces(Tokenizer.from_file(str(args.minilm / "tokenizer.json")))
    pieces._tokenizer.no_padding()
    pieces._tokenizer.no_truncation()
    net = Net({k: len(v) for k, v in labels.items()})
    net.encoder.load_published(load_file(args.minilm / "model.safetensors"))
    task = TreeTask(labels, pieces)
    opt = optimiser(net, encoder=1.5e-4, heads=2e-3)
    total = sum(len(t.words) for t in trees) * args.epochs
    seen, began, losses = 0, time.time(), []
    net.train()
    for epoch in range(args.epochs):
        for group in grouped(trees, args.batch, rng):
            set_rate(opt, seen / total)
            loss = task.loss(net, group, rng)
            step(net, opt, loss)
            losses.append(loss.item())
            before, seen = seen, seen + sum(len(t.words) for t in group)
            if before // 20000 != seen // 20000:
                rate = seen / (time.time() - began)
                print(f"{epoch} {seen}/{total} loss {np.mean(losses[-30:]):.3f} {rate:.0f} words/s "
                      f"{(total - seen) / rate / 60:.1f} min left", flush=True)  # fmt: skip
            if before // 80000 != seen // 80000:
                save(net, labels, args.out / "reading.pt")
        print(json.dumps({"epoch": epoch, **dev_scores(net, task, dev)}), flush=True)
        save(net, labels, args.out / "reading.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["read", "events"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--swaps", type=Path, help="country TAB demonym, to be put in place of made-up ones")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    assert len(SHAPES) == 7
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    torch.set_num_threads(2)
    if args.step == "read":
        train_reading(args)
    else:
        from events import train_events  # noqa: PLC0415 - the first step needs none of it

        train_events(args)


if __name__ == "__main__":
    main()
