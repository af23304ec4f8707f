"""Five folds of the public sets: what the second step makes of sentences that it has not seen.

Near copies of a sentence, in any of the sets, are in its fold. The networks measured are not the one shipped, which is
trained on all folds; they are trained in the same way, but without teachers.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict

from events import Counts, EventTask, event_counts, fit, prepared, restored
from examples import Example, near, public_examples, shingles
from train import load_pieces

FOLDS = 5
NEAR = 0.4


def folds(examples: list[Example]) -> list[int]:
    """The fold of each example: groups of near copies, the largest first, each to the fold that has least."""
    parent = list(range(len(examples)))

    def top(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    marks = [shingles(e.text) for e in examples]
    for i, mark in enumerate(marks):
        for s in mark:
            having[s].append(i)
    for i, mark in enumerate(marks):
        for j in {j for s in mark for j in having[s] if j < i}:
            if top(i) != top(j) and near(mark, marks[j]) >= NEAR:
                parent[top(i)] = top(j)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(examples)):
        groups[top(i)].append(i)
    found, sizes = [0] * len(examples), [0] * FOLDS
    for members in sorted(groups.values(), key=lambda g: (-len(g), g[0])):
        fold = sizes.index(min(sizes))
        sizes[fold] += len(members)
        for i in members:
            found[i] = fold
    return found


def measure(args: argparse.Namespace) -> None:
    """Train and measure each fold; print each one's figures, then those of all together."""
    pieces = load_pieces(args.minilm)
    every = public_examples(args.data)
    of = folds(every)
    together = Counts()
    for fold in args.only or range(FOLDS):
        net, labels = restored(args.out / "reading.pt")
        rest = prepared([e for e, f in zip(every, of, strict=True) if f != fold], net, labels, pieces)
        held = prepared([e for e, f in zip(every, of, strict=True) if f == fold], net, labels, pieces)
        args.name = f"fold{fold}"
        fit(args, net, labels, pieces, rest, held, random.Random(args.seed + fold))
        counts = event_counts(net, EventTask(pieces, labels), held)
        together.join(counts)
        print(json.dumps({"fold": fold, **counts.figures()}), flush=True)
    print(json.dumps({"folds": "all", **together.figures()}), flush=True)
