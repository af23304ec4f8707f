"""Measures words and sentence boundaries against treebanks.

    python evaluation/tokens.py TREEBANK.conllu[.xz] ... [--errors N]

The raw text of a document is its sentences, joined by a space, or by a blank line where the treebank opens a
paragraph. Figures are F1 over exact spans: words given the gold sentences, words and sentences given the raw
text.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from truceline.nlp import conllu, tokens
from truceline.nlp.conllu import TreeSentence

Span = tuple[int, int]


@dataclass(slots=True)
class Count:
    """Spans in gold, found, and in both."""

    gold: int = 0
    found: int = 0
    both: int = 0

    def add(self, gold: set[Span], found: set[Span]) -> None:
        """Count one sentence's or document's spans."""
        self.gold += len(gold)
        self.found += len(found)
        self.both += len(gold & found)

    def __str__(self) -> str:
        value = 200 * self.both / max(1, self.gold + self.found)
        return f"F1 {value:6.2f}  ({self.both} of {self.gold} gold, {self.found} found)"


@dataclass(frozen=True, slots=True)
class Document:
    """A document's raw text with the gold spans of its sentences and words, half-open."""

    text: str
    sentences: tuple[Span, ...]
    words: tuple[Span, ...]


def documents(sentences: Iterable[TreeSentence]) -> Iterator[Document]:
    """Join the sentences of each document."""
    inside: list[TreeSentence] = []
    for sentence in sentences:
        if sentence.opens_document and inside:
            yield _join(inside)
            inside = []
        inside.append(sentence)
    if inside:
        yield _join(inside)


def _join(sentences: list[TreeSentence]) -> Document:
    text = ""
    spans: list[Span] = []
    words: list[Span] = []
    for sentence in sentences:
        if text:
            text += "\n\n" if sentence.opens_paragraph else " "
        start = len(text)
        text += sentence.text
        spans.append((start, len(text)))
        words.extend((start + word.start, start + word.end) for word in sentence.words)
    return Document(text, tuple(spans), tuple(words))


def measure(path: str, errors: int) -> None:
    """Print the figures of one treebank, and the first ``errors`` errors of each kind."""
    gold = list(conllu.read(path))
    print(f"{path}: {len(gold)} sentences, {sum(len(s.words) for s in gold)} words")
    speed = _speed(gold)  # first of all, before anything is cached
    print("  words, gold sentences   ", _words_given_sentences(gold, errors))
    raw_words, raw_sentences = Count(), Count()
    for document in documents(gold):
        found = tokens.segment(document.text)
        spans = {(sentence.start, sentence.end) for sentence in found}
        raw_sentences.add(set(document.sentences), spans)
        raw_words.add(set(document.words), {word for sentence in found for word in sentence.words})
        errors -= _show_sentences(document, spans, errors)
    print("  words, raw text         ", raw_words)
    print("  sentences, raw text     ", raw_sentences)
    print(f"  words() alone            {speed:,.0f} words/s")


def _words_given_sentences(gold: list[TreeSentence], errors: int) -> Count:
    count = Count()
    for sentence in gold:
        expected = {(word.start, word.end) for word in sentence.words}
        found = set(tokens.words(sentence.text))
        count.add(expected, found)
        if expected != found and errors > 0:
            errors -= 1
            print(
                "  word  gold",
                _forms(sentence.text, expected - found),
                "found",
                _forms(sentence.text, found - expected),
            )
    return count


def _show_sentences(document: Document, found: set[Span], limit: int) -> int:
    """Print boundaries of a document that are in one only; how many were printed."""
    gold_ends = {end for _, end in document.sentences}
    found_ends = {end for _, end in found}
    wrong = sorted(gold_ends ^ found_ends)[: max(0, limit)]
    for end in wrong:
        kind = "missed" if end in gold_ends else "extra "
        print(f"  {kind} {document.text[max(0, end - 50) : end]!r} | {document.text[end : end + 40]!r}")
    return len(wrong)


def _forms(text: str, spans: set[Span]) -> str:
    return "|".join(text[start:end] for start, end in sorted(spans))


def _speed(gold: list[TreeSentence]) -> float:
    text = "\n".join(sentence.text for sentence in gold)
    start = time.perf_counter()
    found = tokens.words(text)
    return len(found) / (time.perf_counter() - start)


def main() -> None:
    """Measure each treebank named on the command line."""
    parser = argparse.ArgumentParser(description="Measures words and sentence boundaries against treebanks.")
    parser.add_argument("treebank", nargs="+", help="CoNLL-U, also compressed (.xz)")
    parser.add_argument(
        "--errors",
        type=int,
        default=0,
        help="how many errors to show (never of a treebank kept for measuring)",
    )
    options = parser.parse_args()
    for path in options.treebank:
        measure(path, options.errors)


if __name__ == "__main__":
    main()
