"""The steps from a read sentence to a record, in reading order.

Each step takes a ``Reading`` and what earlier steps found, and returns what it found; none changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from truceline.kb import KnowledgeBase
from truceline.nlp.sentence import Sentence, Word
from truceline.ontology import Lexicon, Ontology
from truceline.records import Evidence, Mention, Span

__all__ = ["Reading", "evidence", "phrase", "span_of"]

# What a noun phrase does not take along: clauses, other members, and what only links it.
OUTSIDE_PHRASE = (
    "acl", "appos", "conj", "cc", "parataxis", "advcl", "ccomp", "csubj", "nsubj", "cop", "mark", "orphan", "list",
    "obl", "aux", "expl", "dislocated", "vocative", "discourse",
)  # fmt: skip
# What a verb leaves before its object: "shot down [up to 40 drones]".
PARTICLES: Final = frozenset({"down", "out", "off", "away"})
# Days and months are no parties, and no part of one's name.
CALENDAR: Final = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December".split()
)


@dataclass(frozen=True)
class Reading:
    """One report as the network and the knowledge base read it, and the data that the steps decide with."""

    text: str
    day: date | None
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    ontology: Ontology
    lexicon: Lexicon
    kb: KnowledgeBase

    @cached_property
    def _by_sentence(self) -> tuple[tuple[Mention, ...], ...]:
        return tuple(
            tuple(m for m in self.mentions if s.start <= m.start < s.end) for s in self.sentences
        )  # fmt: skip

    def mentions_in(self, sentence: Sentence) -> tuple[Mention, ...]:
        """What the knowledge base found in a sentence, in order."""
        return self._by_sentence[sentence.index]

    def mention_at(self, sentence: Sentence, word: Word) -> Mention | None:
        """The mention that a word belongs to, or None."""
        inside = (m for m in self.mentions_in(sentence) if m.start < word.end and m.end > word.start)
        return next(inside, None)

    def is_light(self, sentence: Sentence, verb: Word) -> bool:
        """The verb carries a noun that names the act: "carried out", "launched", "held"."""
        lemma = verb.lemma.lower()
        particles = (c.lemma.lower() for c in sentence.children(verb.index, "compound:prt"))
        return any(map(self.lexicon.light_verb, (lemma, *(f"{lemma} {p}" for p in particles))))

    def negates(self, sentence: Sentence, word: Word) -> bool:
        """An adverb of the word denies it: "did not", "never"."""
        return any(c.lemma.lower() in self.lexicon.cues.negations for c in sentence.children(word.index, "advmod"))


def evidence(rule: str, *words: Word) -> Evidence:
    """Evidence that a rule read these words: the span from the first to the last."""
    return Evidence(rule, min(w.start for w in words), max(w.end for w in words))


def span_of(text: str, start: int, end: int) -> Span:
    """The span with its words."""
    return Span(start, end, text[start:end])


def phrase(sentence: Sentence, head: int) -> tuple[int, int]:
    """Half-open offsets of the noun phrase of a word: unbroken, without its clauses, conjuncts and preposition."""
    kept = {w.index for w in sentence.subtree(head, without=OUTSIDE_PHRASE)}
    for child in sentence.children(head, "nmod"):
        if child.text in CALENDAR:
            kept -= {w.index for w in sentence.subtree(child.index)}
    for child in sentence.children(head, "case", "punct"):
        if _links(sentence, head, child):
            kept -= {w.index for w in sentence.subtree(child.index)}
    first = last = head
    while first - 1 in kept:
        first -= 1
    while last + 1 in kept:
        last += 1
    while first < head and sentence.words[first].upos == "PUNCT" and not _opens(sentence.words[first]):
        first += 1
    while first < head and sentence.words[first].text.lower() in PARTICLES:
        first += 1
    while last > head and sentence.words[last].upos in ("PUNCT", "ADP", "CCONJ"):
        last -= 1
    return sentence.words[first].start, sentence.words[last].end


def _links(sentence: Sentence, head: int, word: Word) -> bool:
    """A preposition, possessive 's or punctuation; a hyphen or comma inside the name stays."""
    return word.deprel == "case" or word.text not in ("-", "–", ",") or word.index > head


def _opens(word: Word) -> bool:
    return word.text in ("(", "“", '"', "'", "‘")
