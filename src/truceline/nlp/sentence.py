"""A sentence as the network read it: words with tags and heads, and what it proposes as names and events.

The records here stay inside the package: ``extract`` reads them, nothing writes them out but ``conllu``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy.typing as npt

ROOT = -1
# What each sentence between them, up to six, costs two mentions in the scores of their link.
FAR: Final = 0.5

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Word:
    """A word: half-open offsets into the document's text, and its reading.

    ``head`` is the index of the governing word in the sentence, ``ROOT`` (-1) for the root. Tags and relations
    are Universal Dependencies' (``upos``, ``deprel`` with subtype), ``xpos`` the Penn Treebank's.
    """

    index: int
    start: int
    end: int
    text: str
    lemma: str
    upos: str
    xpos: str
    head: int
    deprel: str


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name proposed by the network: words ``first`` to ``last``, both inclusive; kind as in the model card."""

    first: int
    last: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class TriggerReading:
    """What the network makes of one word as the trigger of an event.

    ``types`` has (event type, probability) pairs, best first, "O" (no event) among them; ``modes`` likewise, as
    "ASSAULT.drone", the empty string for none. ``actor`` and ``recipient`` have (word index, probability) pairs,
    best first; index ``ROOT`` means "nobody named". ``status`` has (status, probability) pairs, best first.
    """

    word: int
    types: tuple[tuple[str, float], ...]
    modes: tuple[tuple[str, float], ...]
    actor: tuple[tuple[int, float], ...]
    recipient: tuple[tuple[int, float], ...]
    status: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class CueReading:
    """Words ``first`` to ``last``, both inclusive, that the network takes for the cue of something said.

    ``holder``, ``begin`` and ``end`` have (word index, probability) pairs, best first: the head of who says it, and
    the first and last word of what is said; index ``ROOT`` means "not in this sentence".
    """

    first: int
    last: int
    score: float
    holder: tuple[tuple[int, float], ...]
    begin: tuple[tuple[int, float], ...]
    end: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """What links the mentions of a report: views of a sentence's words as mentions that take up an earlier one.

    ``refers`` is (words, 1 + width): the score for taking up nothing, then the view; ``means`` is (words, width), the
    view of a word as what is taken up.
    """

    refers: Array
    means: Array

    def nobody(self, word: int) -> float:
        """The score that a word takes up nothing."""
        return float(self.refers[word, 0])

    def score(self, word: int, other: Links, earlier: int, *, apart: int) -> float:
        """The score that a word takes up an earlier one, so many sentences before."""
        return float(self.refers[word, 1:] @ other.means[earlier]) - FAR * min(apart, 6)


@dataclass(frozen=True)
class Sentence:
    """One sentence: ``text`` is the document's from ``start`` to ``end``; words are in reading order."""

    index: int
    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    names: tuple[NameSpan, ...] = ()
    triggers: tuple[TriggerReading, ...] = ()
    cues: tuple[CueReading, ...] = ()
    paragraph: int = 0
    links: Links | None = field(default=None, compare=False)

    @cached_property
    def _children(self) -> tuple[tuple[int, ...], ...]:
        lists: list[list[int]] = [[] for _ in self.words]
        for word in self.words:
            if word.head != ROOT:
                lists[word.head].append(word.index)
        return tuple(map(tuple, lists))

    def children(self, index: int, *relations: str) -> tuple[Word, ...]:
        """The words governed by a word, in order; with relations, only those of these relations.

        A relation matches with any subtype ("nsubj" matches "nsubj:pass"); "obl:agent" only itself.
        """
        found = (self.words[child] for child in self._children[index])
        if not relations:
            return tuple(found)
        return tuple(w for w in found if w.deprel in relations or w.deprel.partition(":")[0] in relations)

    def head_of(self, index: int) -> Word | None:
        """The governing word, or None for the root."""
        head = self.words[index].head
        return None if head == ROOT else self.words[head]

    def ancestors(self, index: int) -> Iterator[Word]:
        """The governing words, from the nearest up to the root."""
        head = self.head_of(index)
        while head is not None:
            yield head
            head = self.head_of(head.index)

    def subtree(self, index: int, *, without: tuple[str, ...] = ()) -> tuple[Word, ...]:
        """The word and all it governs, in order; children with a relation in ``without`` are left out."""
        picked = [index]
        queue = [index]
        while queue:
            for child in self.children(queue.pop()):
                if child.deprel not in without and child.deprel.partition(":")[0] not in without:
                    picked.append(child.index)
                    queue.append(child.index)
        return tuple(self.words[i] for i in sorted(picked))
