"""Tags, lemmas, heads and relations of the shipped network on the gold words of a treebank.

python evaluation/parsing.py TREEBANK.conllu[.xz] ...
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from truceline import nlp
from truceline.nlp import conllu
from truceline.nlp.sentence import Word
from truceline.nlp.tokens import SentenceWords


def measure(path: Path, reader: nlp.Reader) -> dict[str, float]:
    """Percentages over all words: UAS, LAS (with subtypes), UPOS, XPOS, lemmas."""
    hits: Counter[str] = Counter()
    for gold in conllu.read(path):
        spans = tuple((w.start, w.end) for w in gold.words)
        cut = SentenceWords(spans[0][0], spans[-1][1], spans, 0)
        (read,) = reader.read_segments(gold.text, (cut,))
        for ours, theirs in zip(read.words, gold.words, strict=True):
            hits.update(_compare(ours, theirs))
    return {name: round(100 * hits[name] / hits["words"], 2) for name in ("uas", "las", "upos", "xpos", "lemma")}


def _compare(ours: Word, theirs: conllu.TreeWord) -> dict[str, int]:
    headed = ours.head == theirs.head
    return {
        "words": 1,
        "uas": headed,
        "las": headed and ours.deprel == theirs.deprel,
        "upos": ours.upos == theirs.upos,
        "xpos": ours.xpos == theirs.xpos,
        "lemma": ours.lemma.lower() == theirs.lemma.lower(),
    }


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    loaded = nlp.load(threads=2)
    for name in sys.argv[1:]:
        print(json.dumps({"treebank": Path(name).name, **measure(Path(name), loaded)}))
