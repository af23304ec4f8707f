"""Reading: a text becomes sentences of words with tags, heads, names and proposed events."""

from __future__ import annotations

import re
from typing import Final

from truceline.nlp import decode
from truceline.nlp.network import Network
from truceline.nlp.sentence import Sentence
from truceline.nlp.tokens import SentenceWords, segment

# "KYIV, Feb. 3 (Reuters) - ": capitals, perhaps a day, an agency or a dash; no part of the sentence's grammar.
DATELINE: Final = re.compile(
    r"(?:[A-Z](?:[A-Z.'’/]|-(?=[A-Z]))++[ ,/]{0,2}){1,5}"
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2},? ?)?(?:\([^()\n]{2,40}\) ?)?\s*(?:-{1,2}|–|—)\s"
)

__all__ = ["Reader", "Sentence", "load"]


class Reader:
    """Reads texts; holds the network and nothing of what it has read."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.version = network.version

    def read(self, text: str) -> tuple[Sentence, ...]:
        """The sentences of a text, in order; empty for a blank one."""
        return self.read_segments(text, segment(text))

    def read_segments(self, text: str, segments: tuple[SentenceWords, ...]) -> tuple[Sentence, ...]:
        """The sentences of a text whose boundaries and words are given."""
        leads = [_dateline(text, part) for part in segments]
        chunked = [self._chunks(text, part, lead) for part, lead in zip(segments, leads, strict=True)]
        flat = [words for chunks in chunked for words in chunks]
        scores = iter(self._network.score(flat))
        return tuple(
            decode.sentence(
                [next(scores) for _ in chunks],
                index=index,
                text=text,
                offsets=part.words,
                span=(part.start, part.end),
                paragraph=part.paragraph,
                labels=self._network.labels,
                lemmas=self._network.lemmas,
                lead=lead,
            )
            for index, (part, chunks, lead) in enumerate(zip(segments, chunked, leads, strict=True))
        )

    def _chunks(self, text: str, part: SentenceWords, lead: int) -> list[list[str]]:
        words = [text[start:end] for start, end in part.words[lead:]]
        return [words[a:b] for a, b in self._network.chunks(words)]


def _dateline(text: str, part: SentenceWords) -> int:
    """How many words a dateline takes at the beginning of a sentence; 0 when there is none, or nothing after it."""
    found = DATELINE.match(text, part.start, part.end)
    plain = found is not None and "(" not in found[0] and not any(c.isdigit() for c in found[0])
    if found and plain and re.search(r"\s(?:-{1,2}|–|—)\s", text[found.end() : part.end]):
        # "NATO – the alliance of 32 countries – said": the second dash closes what the first one opened.
        return 0
    count = sum(end <= found.end() for _, end in part.words) if found else 0
    return count if count < len(part.words) else 0


def load(*, threads: int = 1) -> Reader:
    """The reader with the network that comes with the package.

    Raises:
        DataError: the network is missing or incomplete.
    """
    return Reader(Network.load(threads=threads))
