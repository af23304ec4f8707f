"""The network: words in, scores out, one pass a sentence.

The encoder and its heads are one ONNX graph beside this package (``data/model``), trained by ``training/``. It
is uncased, so every piece also carries the *shape* of its word. Nothing here decides anything: ``decode`` does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import accumulate, chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from truceline.errors import DataError

Array = npt.NDArray[Any]

# The encoder has 512 positions; two are for [CLS] and [SEP].
MAX_PIECES: Final = 510
# A word of more pieces than this is a URL or noise: its first pieces say as much.
MAX_WORD_PIECES: Final = 24
SHAPES: Final = ("pad", "lower", "title", "upper", "mixed", "digit", "other")
LABEL_SETS: Final = ("upos", "xpos", "lemma", "deprel", "names", "types", "modes", "status", "cues")
INPUTS: Final = ("pieces", "shapes", "first", "last")
# In the order of the fields of Scores.
OUTPUTS: Final = (
    "upos", "xpos", "lemma", "names", "arcs", "deprel", "types", "modes", "status", "roles", "cues", "sayings",
    "refers", "means",
)  # fmt: skip


@lru_cache(maxsize=65_536)
def shape_of(word: str) -> int:
    """The index in ``SHAPES`` of a word's casing, which the uncased pieces have lost."""
    if any(c.isdigit() for c in word):
        return SHAPES.index("digit")
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return SHAPES.index("other")
    if all(c.islower() or not c.isupper() for c in letters):
        return SHAPES.index("lower")
    if all(c.isupper() for c in letters):
        return SHAPES.index("upper" if len(letters) > 1 else "title")
    if letters[0].isupper() and not any(c.isupper() for c in letters[1:]):
        return SHAPES.index("title")
    return SHAPES.index("mixed")


class Pieces:
    """Words to the encoder's pieces; a word's pieces do not depend on its neighbours, so they are remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}
        self.cls, self.sep, self.unknown = (tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]", "[UNK]"))

    def of(self, word: str) -> tuple[int, ...]:
        """The piece ids of a word, at least one."""
        found = self._known.get(word)
        if found is None:
            printable = word.encode("utf-8", "replace").decode("utf-8")
            ids = self.tokenizer.encode(printable, add_special_tokens=False).ids
            found = tuple(ids[:MAX_WORD_PIECES]) or (self.unknown,)
            if len(self._known) < 200_000:
                self._known[word] = found
        return found


def one_sentence(words: Sequence[str], pieces: Pieces) -> dict[str, Array]:
    """The graph's inputs for a sentence that fits ``MAX_PIECES``.

    They are its pieces, the shapes of their words, and where each word's first and last piece is.
    """
    row = [pieces.of(word) for word in words]
    ends = list(accumulate(map(len, row), initial=1))
    ids = np.array([pieces.cls, *chain.from_iterable(row), pieces.sep], dtype=np.int64)
    shapes = [0, *chain.from_iterable([shape_of(w)] * len(p) for w, p in zip(words, row, strict=True)), 0]
    bounds = np.array(ends, dtype=np.int64)
    return {"pieces": ids, "shapes": np.array(shapes, dtype=np.int64), "first": bounds[:-1], "last": bounds[1:] - 1}


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say of one sentence of n words; logits, but for nothing.

    upos, xpos, lemma, names, types, modes, status, cues: (n, labels). arcs: (n, n + 1), column 0 the root and
    column i + 1 word i as head. deprel: (n, labels), of each word with its best head. roles: (2, n, n + 1): actor
    and recipient of the row's word as a trigger. sayings: (3, n, n + 1): holder, first and last word of the content
    of the row's word as a cue. In both, column 0 is "not named here". refers: (n, 1 + width) and means: (n, width)
    are views whose products link mentions across sentences: ``Links``.
    """

    upos: Array
    xpos: Array
    lemma: Array
    names: Array
    arcs: Array
    deprel: Array
    types: Array
    modes: Array
    status: Array
    roles: Array
    cues: Array
    sayings: Array
    refers: Array
    means: Array


@dataclass(frozen=True, slots=True)
class Lemmas:
    """What keeps lemmas to real words: lemmas that exist, those that are verbs, and the lemmas of irregular forms."""

    known: frozenset[str]
    verbs: frozenset[str]
    irregular: Mapping[str, str]


class Network:
    """The loaded network. Threads are the caller's to choose: one is the fastest per core."""

    def __init__(
        self,
        graph: bytes,
        tokenizer: Tokenizer,
        labels: dict[str, list[str]],
        lemmas: Lemmas,
        *,
        threads: int,
    ) -> None:
        missing = [name for name in LABEL_SETS if not labels.get(name)]
        if missing:
            raise DataError(f"labels.json has no {', '.join(missing)}: export the model again", subject="model")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        sizes = {out.name: out.shape[-1] for out in self._session.get_outputs()}
        unfit = [name for name in LABEL_SETS if len(labels[name]) != sizes[name]]
        if unfit:
            raise DataError(f"labels.json and network.onnx differ in {', '.join(unfit)}: export again", subject="model")
        self._pieces = Pieces(tokenizer)
        self.lemmas = lemmas
        self.labels = {name: tuple(values) for name, values in labels.items()}
        words = [sorted(lemmas.known), sorted(lemmas.verbs), sorted(lemmas.irregular.items())]
        cutting = tokenizer.to_str()
        parts = json.dumps([labels, words, cutting], sort_keys=True)
        self.version = hashlib.sha256(graph + parts.encode()).hexdigest()[:16]

    @classmethod
    def load(cls, *, threads: int = 1, graph: bytes | None = None) -> Network:
        """The network that comes with the package, or another graph of it, such as one that is not rounded to int8.

        Raises:
            DataError: a part of it is missing or does not fit the others.
        """
        folder = resources.files("truceline") / "data" / "model"
        try:
            graph = graph or (folder / "network.onnx").read_bytes()
            tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8"))
            labels = json.loads((folder / "labels.json").read_text("utf-8"))
            words = json.loads((folder / "lemmas.json").read_text("utf-8"))
            lemmas = Lemmas(frozenset(words["known"]), frozenset(words["verbs"]), words["irregular"])
            return cls(graph, tokenizer, labels, lemmas, threads=threads)
        except DataError:
            raise
        except Exception as error:  # the tokenizer and the runtime raise nothing narrower
            raise DataError(
                f"the trained network is incomplete or damaged: {error}; install the package again", subject="model"
            ) from error

    def chunks(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Ranges of words that each fit the encoder; one range but for very long sentences."""
        ranges, start, used = [], 0, 0
        for i, word in enumerate(words):
            size = len(self._pieces.of(word))
            if used + size > MAX_PIECES:
                ranges.append((start, i))
                start, used = i, 0
            used += size
        return [*ranges, (start, len(words))]

    def score(self, sentences: Sequence[Sequence[str]]) -> list[Scores]:
        """Scores of each sentence, in order.

        Each is read alone: the int8 graph scales its numbers by all it is given at once, so company would change
        what is read; and on one core a batch is no faster.
        """
        return [self._run(words) for words in sentences]

    def _run(self, words: Sequence[str]) -> Scores:
        return Scores(*self._session.run(OUTPUTS, one_sentence(words, self._pieces)))
