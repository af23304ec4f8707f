"""Whom the coder takes pronouns for, against the chains of our corpus.

  python evaluation/pronouns.py corpus/test.jsonl

Of the pronouns of chains that name or describe somebody too: how many the coder resolves, how many of these to words of
the same chain, and how many of all that is.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import annotated
import coding
from truceline.coder import Coder
from truceline.extract.coreference import PRONOUNS, Discourse
from truceline.nlp.sentence import Sentence
from truceline.records import Document

PERSONAL = PRONOUNS - {"i", "me", "my", "we", "us", "our", "ours", "you", "your", "yours"}


def pronouns(report: annotated.Report) -> Iterator[tuple[annotated.Span, set[str]]]:
    """(place in the report, the names and descriptions of its chain) of each third-person pronoun."""
    starts = [sum(len(s.text) + 1 for s in report.sentences[:i]) for i in range(len(report.sentences))]
    for chain in report.chains:
        words = [(starts[i] + a, starts[i] + b, report.sentences[i].text[a:b]) for i, (a, b) in chain]
        named = {text.lower() for _, _, text in words if text.lower() not in PRONOUNS}
        if named:
            yield from (((a, b), named) for a, b, text in words if text.lower() in PERSONAL)


def same(name: str, named: set[str]) -> bool:
    """The name holds words of the chain, or is held by them."""
    lower = name.lower()
    return any(lower in other or other.removeprefix("the ") in lower for other in named)


def count(coder: Coder, report: annotated.Report, counts: Counter[str]) -> None:
    """Add a report's pronouns."""
    reading = coder.read(Document.of(coding.text_of(report), published=report.published))
    discourse = Discourse(reading)
    for (start, _), named in pronouns(report):
        counts["pronouns"] += 1
        place = _word_at(reading.sentences, start)
        if place is None:
            continue
        entity = discourse.resolve(*place).entity
        if entity.name.lower() in PRONOUNS:
            continue
        counts["resolved"] += 1
        counts["right"] += same(entity.name, named) or same(entity.text, named)


def _word_at(sentences: tuple[Sentence, ...], start: int) -> tuple[Sentence, int] | None:
    for sentence in sentences:
        for word in sentence.words:
            if word.start == start:
                return sentence, word.index
    return None


def main(path: str) -> None:
    """Print the figures as JSON."""
    coder, counts = Coder.load(threads=2), Counter[str]()
    for report in annotated.read(Path(path)):
        count(coder, report, counts)
    share = {"precision": counts["right"] / max(1, counts["resolved"]), "recall": counts["right"] / counts["pronouns"]}
    print(json.dumps({**counts, **{k: round(100 * v, 1) for k, v in share.items()}}))


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else sys.exit(__doc__)
