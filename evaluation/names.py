"""Names that the shipped network finds in the gold words of a GUM treebank, against its named entities.

  python evaluation/names.py en_gum_ccby-dev.conllu.xz

Persons, organisations and places; a name is right when its first and last word and its kind are.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))
import treebanks
from truceline import nlp
from truceline.nlp import conllu
from truceline.nlp.tokens import SentenceWords

KINDS = ("PER", "ORG", "LOC")


def gold_names(tree: treebanks.Tree) -> set[tuple[int, int, str]]:
    """(first word, last word, kind) of the names of a sentence."""
    treebanks.add_names(tree)
    found: list[tuple[int, int, str]] = []
    for i, tag in enumerate(tree.names or []):
        prefix, _, kind = tag.partition("-")
        if prefix == "I":
            found[-1] = (found[-1][0], i, kind)
        elif prefix == "B":
            found.append((i, i, kind))
    return {name for name in found if name[2] in KINDS}


def measure(path: Path, reader: nlp.Reader) -> dict[str, float]:
    """F1 in percent, of all kinds and of each."""
    counts: Counter[tuple[str, str]] = Counter()
    for words, tree in zip(conllu.read(path), treebanks.read(path), strict=True):
        spans = tuple((w.start, w.end) for w in words.words)
        cut = SentenceWords(spans[0][0], spans[-1][1], spans, 0)
        (read,) = reader.read_segments(words.text, (cut,))
        found = {(n.first, n.last, n.kind) for n in read.names if n.kind in KINDS}
        gold = gold_names(tree)
        for part, names in (("found", found), ("wanted", gold), ("right", found & gold)):
            counts.update((part, kind) for _, _, kind in names)
            counts[part, "all"] += len(names)
    return {
        kind: round(200 * counts["right", kind] / max(1, counts["found", kind] + counts["wanted", kind]), 1)
        for kind in ("all", *KINDS)
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(measure(Path(sys.argv[1]), nlp.load(threads=2))))
