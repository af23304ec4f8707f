"""Train the network, in three steps, each with a checkpoint, and measure it by folds of the public sets.

  python training/train.py all    --data DATA --minilm MODEL_FOLDER --out RUN     all steps, as the shipped network had
  python training/train.py read   --data DATA --minilm MODEL_FOLDER --out RUN     tags, parse, lemmas, names
  python training/train.py events --data DATA --minilm MODEL_FOLDER --out RUN     triggers, roles, status, sayings
  python training/train.py links  --data DATA --minilm MODEL_FOLDER --out RUN     coreference
  python training/train.py folds  --data DATA --minilm MODEL_FOLDER --out RUN     the second step, five times

DATA is the folder described in training/README.md; MODEL_FOLDER the published MiniLM; RUN holds checkpoints and logs.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from model import Dropout, Net
from treebanks import Tree, label_sets, lemma_script, load
from truceline.nlp.network import Array, Pieces, shape_of
from truceline.ontology import Ontology

TYPES = ["O", "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE", "MOBILIZE",
         "PROTEST", "REJECT", "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN"]  # fmt: skip
STATUS = ["asserted", "negated", "planned", "hypothetical", "historical"]
IGNORE = -100
EVENT_LABELS = {
    "types": TYPES,
    "modes": ["", *(f"{name}.{m.name}" for name, t in sorted(Ontology.load().types.items()) for m in t.modes)],
    "status": STATUS,
    "cues": ["O", "B", "I"],
    "roots": ["CONCEDE", *(t for t in TYPES[1:] if t not in ("CONCEDE", "RETREAT"))],
    "sides": ["O", *(f"{p}-{k}" for k in "STR" for p in "BI")],
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded inputs: pieces and shapes are (sentences, pieces); first and last are (sentences, words)."""

    pieces: Array
    shapes: Array
    mask: Array
    first: Array
    last: Array
    lengths: tuple[int, ...]


def make_batch(sentences: Sequence[Sequence[str]], pieces: Pieces) -> Batch:
    """Pad sentences of words into one batch; each must fit ``MAX_PIECES``."""
    rows = [[pieces.of(word) for word in words] for words in sentences]
    width = max(sum(map(len, row)) for row in rows) + 2
    deep = max(map(len, rows))
    ids = np.zeros((len(rows), width), dtype=np.int64)
    shapes = np.zeros_like(ids)
    mask = np.zeros_like(ids)
    first = np.zeros((len(rows), deep), dtype=np.int64)
    last = np.zeros_like(first)
    for r, (words, row) in enumerate(zip(sentences, rows, strict=True)):
        at = 1
        ids[r, 0] = pieces.cls
        for w, (word, word_ids) in enumerate(zip(words, row, strict=True)):
            end = at + len(word_ids)
            ids[r, at:end] = word_ids
            shapes[r, at:end] = shape_of(word)
            first[r, w], last[r, w] = at, end - 1
            at = end
        ids[r, at] = pieces.sep
        mask[r, : at + 1] = 1
    return Batch(ids, shapes, mask, first, last, tuple(map(len, rows)))


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


# Lengths in pieces that sentences are padded to: few shapes, because products are prepared anew for each shape.
WIDTHS = (12, 20, 28, 36, 44, 52, 64, 80, 104, 144, 208, 512)


def width_of(words: list[str], pieces: Pieces) -> int:
    """The length that a sentence is padded to, [CLS] and [SEP] counted."""
    size = sum(len(pieces.of(w)) for w in words) + 2
    return next(w for w in WIDTHS if size <= w)


def grouped(items: list, size: int, rng: random.Random, pieces: Pieces) -> list[list]:
    """Batches of about ``size`` pieces, equal padded lengths together, in random order."""
    by_width: dict[int, list] = {}
    for item in rng.sample(items, len(items)):
        by_width.setdefault(width_of(item.words, pieces), []).append(item)
    batches = []
    for width, group in by_width.items():
        rows = max(1, size // width)
        batches += [group[i : i + rows] for i in range(0, len(group), rows)]
    rng.shuffle(batches)
    return batches


def padded(sentences: list[list[str]], pieces: Pieces) -> Batch:
    """A batch whose pieces, and words, are padded to one of ``WIDTHS``."""
    batch = make_batch(sentences, pieces)
    width = next(w for w in WIDTHS if batch.pieces.shape[1] <= w)
    wide = lambda x: np.pad(x, ((0, 0), (0, width - x.shape[1])))  # noqa: E731
    return Batch(*(wide(getattr(batch, k)) for k in ("pieces", "shapes", "mask", "first", "last")), batch.lengths)


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

    def loss(self, net: Net, trees: list[Tree], rng: random.Random) -> tuple[Tensor, Tensor]:
        batch = padded([recased(t.words, rng) for t in trees], self.pieces)
        gold = self.gold(trees, batch.first.shape[1])
        x = net.words(**tensors(batch))
        heads = gold["heads"]
        flat = lambda scores, want: F.cross_entropy(scores.float().flatten(0, 1), want.flatten(), ignore_index=IGNORE)  # noqa: E731
        columns = torch.arange(batch.first.shape[1] + 1)[None]
        beyond = columns > torch.tensor(batch.lengths)[:, None]
        arcs = net.arcs(x)[:, 0].float().masked_fill(beyond[:, None], -1e4)
        labels = net.deprel.at(x, heads.clamp(min=0))
        loss = flat(arcs, heads) + flat(labels, gold["deprel"])
        loss = loss + 0.5 * flat(net.upos(x), gold["upos"]) + 0.5 * flat(net.xpos(x), gold["xpos"])
        loss = loss + 0.5 * flat(net.lemma(x), gold["lemma"])
        if bool((gold["names"] != IGNORE).any()):
            loss = loss + 0.7 * flat(net.names(x), gold["names"])
        return loss, x


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
    for group in grouped(picked, 1500, random.Random(0), task.pieces):
        batch = padded([t.words for t in group], task.pieces)
        out = net(**tensors(batch))
        names = ("upos", "xpos", "lemma", "names", "arcs", "deprel")
        guess = dict(zip(names, out, strict=False))
        gold = task.gold(group, batch.first.shape[1])
        for r, t in enumerate(group):
            n = len(t.words)
            for k in ("upos", "xpos", "lemma"):
                hits[k] += int((guess[k][r, :n].argmax(-1) == gold[k][r, :n]).sum())
            heads = guess["arcs"][r, :n, : n + 1].argmax(-1)
            labels = guess["deprel"][r, :n].argmax(-1)
            right = heads == gold["heads"][r, :n]
            hits["uas"] += int(right.sum())
            hits["las"] += int((right & (labels == gold["deprel"][r, :n])).sum())
    net.train()
    return {k: round(100 * v / total, 2) for k, v in hits.items()}


# Each layer below the top learns this much slower than the one above it.
LAYER_DECAY = 0.9


def optimiser(net: Net, *, encoder: float, heads: float) -> torch.optim.AdamW:
    groups: dict[float, list[Tensor]] = {}
    for name, parameter in net.named_parameters():
        part = re.match(r"encoder\.(?:layers\.(\d+)\.)?", name)
        below = 6 - (int(part[1]) + 1 if part[1] else 0) if part else 0
        rate = encoder * LAYER_DECAY**below if part else heads
        groups.setdefault(rate, []).append(parameter)
    return torch.optim.AdamW(
        [{"params": parameters, "lr": rate, "peak": rate} for rate, parameters in groups.items()],
        betas=(0.9, 0.98), weight_decay=0.01, fused=True,
    )  # fmt: skip


def set_rate(opt: torch.optim.AdamW, done: float) -> None:
    """One cycle: 8 % up, then down along a cosine."""
    share = done / 0.08 if done < 0.08 else 0.5 * (1 + math.cos(math.pi * (done - 0.08) / 0.92))
    for group in opt.param_groups:
        group["lr"] = group["peak"] * max(share, 1e-3)


def half() -> torch.autocast:
    """Products in bfloat16: several times faster on processors that have them, no worse in the scores."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def step(net: Net, opt: torch.optim.AdamW, loss: Tensor) -> None:
    opt.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()


def load_pieces(minilm: Path) -> Pieces:
    """The published tokeniser, neither padding nor truncating."""
    tokenizer = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Pieces(tokenizer)


def save(net: Net, labels: dict[str, list[str]], path: Path) -> None:
    part = path.with_suffix(".part")
    torch.save({"net": net.state_dict(), "labels": labels}, part)
    part.replace(path)


def train_reading(args: argparse.Namespace) -> None:
    rng = random.Random(args.seed)
    trees = load(args.data / "treebanks", "train")
    dev = load(args.data / "treebanks", "dev")
    labels = {**label_sets(trees), **EVENT_LABELS}
    pieces = load_pieces(args.minilm)
    net = Net({k: len(v) for k, v in labels.items()})
    net.encoder.load_published(load_file(args.minilm / "model.safetensors"))
    task = TreeTask(labels, pieces)
    opt = optimiser(net, encoder=args.rate, heads=2e-3)
    total = sum(len(t.words) for t in trees) * args.epochs
    seen, began, losses = 0, time.time(), []
    net.train()
    for epoch in range(args.epochs):
        for group in grouped(trees, args.batch, rng, pieces):
            set_rate(opt, seen / total)
            with half():
                loss, _ = task.loss(net, group, rng)
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
    parser.add_argument("step", choices=["all", "read", "events", "links", "folds"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="events", help="of the second step's checkpoint")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--swaps", type=Path, help="country TAB demonym, to be put in place of made-up ones")
    parser.add_argument(
        "--teachers", type=Path, nargs="*", default=[], help="reading.pt of other runs of the first step"
    )
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--trees", type=float, default=0.5, help="share of the treebanks in a round of the second step")
    parser.add_argument(
        "--public", type=float, default=0.6, help="share of class and ner in a round of the second step"
    )
    parser.add_argument("--ours", type=float, default=1.0, help="share of our corpus in a round of the second step")
    parser.add_argument("--batch", type=int, default=1400, help="pieces in a batch")
    parser.add_argument("--rate", type=float, default=2e-4, help="of the encoder's top layer")
    parser.add_argument("--only", type=int, nargs="*", help="of the folds, these")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.step == "all":
        train_all(args)
    else:
        run(args)


def train_all(args: argparse.Namespace) -> None:
    """Two networks of the first step; the first goes on to the others, with both as its teachers."""
    out = args.out
    for seed, folder in ((args.seed, out), (args.seed + 1, out / "teacher")):
        run(with_changes(args, step="read", seed=seed, out=folder))
    teachers = [out / "reading.pt", out / "teacher" / "reading.pt"]
    run(with_changes(args, step="events", teachers=teachers, rate=1.2e-4, epochs=6, trees=0.4, public=0.7))
    run(with_changes(args, step="links", epochs=12))


def with_changes(args: argparse.Namespace, **changes: object) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(args), **changes})


def run(args: argparse.Namespace) -> None:
    """One step, from its seed."""
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    Dropout.random = np.random.Generator(np.random.SFC64(args.seed))
    if args.step == "read":
        train_reading(args)
    elif args.step == "events":
        from events import train_events  # noqa: PLC0415 - the first step needs none of it

        train_events(args)
    elif args.step == "links":
        from links import train_links  # noqa: PLC0415

        train_links(args)
    else:
        from folds import measure  # noqa: PLC0415

        measure(args)


if __name__ == "__main__":
    main()
