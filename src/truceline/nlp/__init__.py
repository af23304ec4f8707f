"""Reading: a text becomes sentences of words with tags, heads, names and proposed events."""

from __future__ import annotations

from truceline.nlp import decode
from truceline.nlp.network import Network
from truceline.nlp.sentence import Sentence
from truceline.nlp.tokens import SentenceWords, segment

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
        chunked = [self._chunks(text, part) for part in segments]
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
            )
            for index, (part, chunks) in enumerate(zip(segments, chunked, strict=True))
        )

    def _chunks(self, text: str, part: SentenceWords) -> list[list[str]]:
        words = [text[start:end] for start, end in part.words]
        return [words[a:b] for a, b in self._network.chunks(words)]


def load(*, threads: int = 1) -> Reader:
    """The reader with the network that comes with the package.

    Raises:
        DataError: the network is missing or incomplete.
    """
    return Reader(Network.load(threads=threads))
