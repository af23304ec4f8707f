"""CoNLL-U in and out: treebanks to learn from and measure against, parses for other tools to read.

Reading takes the syntactic words as the unit. Of a range line (``1-2  Macron's``) only its characters and
its ``SpaceAfter`` are used, which its words share; empty nodes (``8.1``) and enhanced dependencies are
passed over.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import TextIO

from truceline.errors import DataError
from truceline.nlp.sentence import ROOT, Sentence, Word

_COLUMNS = 10
_ALLOWED_IDS = "numbers 1, 2, 3 ..., ranges 1-2, empty nodes 1.1"


@dataclass(frozen=True, slots=True)
class TreeWord:
    """A word of a treebank: half-open offsets into its sentence's text, and its columns.

    ``head`` is the index of the governing word in the sentence, counted from 0; ``ROOT`` (-1) for the root
    and where the column is empty. A column "_" reads as the empty string (but for ``form`` and ``lemma``).
    """

    start: int
    end: int
    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    space_after: bool
    misc: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TreeSentence:
    """A sentence of a treebank; ``comments`` are its ``# key = value`` lines ("" where there is no value)."""

    id: str
    text: str
    words: tuple[TreeWord, ...]
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def opens_document(self) -> bool:
        """Whether a document begins here."""
        return any(key.startswith("newdoc") for key in self.comments)

    @property
    def opens_paragraph(self) -> bool:
        """Whether a paragraph, or a document, begins here."""
        return self.opens_document or any(key.split(" ")[0] == "newpar" for key in self.comments)


def read(path: str | Path) -> Iterator[TreeSentence]:
    """Read a CoNLL-U file, one sentence at a time.

    Args:
        path: a file in UTF-8, compressed if it ends in ``.xz``.

    Raises:
        DataError: a line that breaks the format; it says the file, the line, what was found, what is allowed.
        OSError: the file cannot be read.
    """
    with _open(Path(path)) as lines:
        yield from parse(lines, name=str(path))


def _open(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def parse(lines: Iterable[str], *, name: str = "CoNLL-U") -> Iterator[TreeSentence]:
    """Read lines of CoNLL-U; ``name`` stands for the file in messages.

    Raises:
        DataError: as ``read``.
    """
    comments: dict[str, str] = {}
    rows: list[_Row] = []
    for number, line in enumerate(chain(lines, [""]), start=1):
        content = line.rstrip("\r\n")
        if content.startswith("#"):
            key, _, value = content[1:].partition("=")
            comments[key.strip()] = value.strip()
        elif content.strip():
            rows.append(_Row.read(content, f"{name}:{number}"))
        elif rows:
            yield _sentence(rows, comments)
            comments, rows = {}, []


def write(sentences: Iterable[Sentence], *, document: str | None = None) -> Iterator[str]:
    """Lines of CoNLL-U, each with its line end, a blank one after each sentence.

    ``# text`` is the words with one space where the text had any blank, so that it agrees with
    ``SpaceAfter=No``. A lone surrogate, which no UTF-8 file can hold, becomes U+FFFD.

    Args:
        sentences: of one document, in order.
        document: its id, for ``# newdoc id`` and as the first part of each ``# sent_id``; without it,
            sentences are numbered only.
    """
    previous: Sentence | None = None
    for sentence, following in pairwise(chain(sentences, [None])):
        if sentence is None:
            return
        if previous is None and document is not None:
            yield f"# newdoc id = {document}\n"
        if previous is None or sentence.paragraph != previous.paragraph:
            yield "# newpar\n"
        yield f"# sent_id = {'' if document is None else document + '-'}{sentence.index + 1}\n"
        yield from _lines(sentence, glued=following is not None and following.start == sentence.end)
        previous = sentence


def _lines(sentence: Sentence, *, glued: bool) -> Iterator[str]:
    """The text and words of a sentence; ``glued`` where the next sentence begins right at its end."""
    spaced = [left.end < right.start for left, right in pairwise(sentence.words)] + [not glued]
    forms = [_encodable(word.text) for word in sentence.words]
    text = "".join(form + " " * space for form, space in zip(forms, spaced, strict=True)).rstrip(" ")
    yield f"# text = {text}\n"
    for word, form, space in zip(sentence.words, forms, spaced, strict=True):
        yield "\t".join(_columns(word, form, space_after=space)) + "\n"
    yield "\n"


def _columns(word: Word, form: str, *, space_after: bool) -> tuple[str, ...]:
    head = 0 if word.head == ROOT else word.head + 1
    return (
        str(word.index + 1),
        form,
        _encodable(word.lemma) or "_",
        word.upos or "_",
        word.xpos or "_",
        "_",
        str(head),
        word.deprel or "_",
        "_",
        "_" if space_after else "SpaceAfter=No",
    )


def _encodable(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of ten columns, and where it stands."""

    columns: tuple[str, ...]
    place: str

    @classmethod
    def read(cls, line: str, place: str) -> _Row:
        columns = tuple(line.split("\t"))
        if len(columns) != _COLUMNS:
            raise DataError(f"{place}: {len(columns)} columns; allowed: {_COLUMNS}, between tabs", subject=place)
        return cls(columns, place)

    @property
    def form(self) -> str:
        return self.columns[1]

    @property
    def misc(self) -> dict[str, str]:
        if self.columns[9] == "_":
            return {}
        pairs = (item.partition("=") for item in self.columns[9].split("|"))
        return {key: value for key, _, value in pairs}

    @property
    def space_after(self) -> bool:
        return self.misc.get("SpaceAfter") != "No"

    @property
    def range(self) -> tuple[int, int] | None:
        """First and last id of a range line (both inclusive); None for a word."""
        first, dash, last = self.columns[0].partition("-")
        return (self.number(first), self.number(last)) if dash else None

    def number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise DataError(f"{self.place}: id {text!r}; allowed: {_ALLOWED_IDS}", subject=self.place)
        return int(text)


@dataclass(frozen=True, slots=True)
class _Group:
    """What is written in one piece: a word, or the words of a range; ``form`` is as it stands in the text."""

    form: str
    rows: tuple[_Row, ...]
    space_after: bool


def _sentence(rows: list[_Row], comments: dict[str, str]) -> TreeSentence:
    groups = _groups([row for row in rows if "." not in row.columns[0]])
    text = comments.get("text") or "".join(group.form + " " * group.space_after for group in groups).rstrip(" ")
    size = sum(len(group.rows) for group in groups)
    words: list[TreeWord] = []
    here = 0
    for group in groups:
        start = text.find(group.form, here)
        if start < 0 or text[here:start].strip():
            place = group.rows[0].place
            found = f"{group.form!r} is not what comes next in the text: {text[here : here + 20]!r}"
            raise DataError(f"{place}: {found}; allowed: forms in the order of the text", subject=place)
        here = start + len(group.form)
        words.extend(_words(group, start, size))
    return TreeSentence(comments.get("sent_id", ""), text, tuple(words), comments)


def _groups(rows: list[_Row]) -> list[_Group]:
    groups: list[_Group] = []
    expected = 1
    queue = iter(rows)
    for row in queue:
        span = row.range
        first, last = span or (row.number(row.columns[0]), row.number(row.columns[0]))
        inside = (row,) if span is None else tuple(islice(queue, min(len(rows), max(0, last - first + 1))))
        ids = [member.columns[0] for member in inside]
        if last - expected + 1 != len(ids) or ids != [str(expected + count) for count in range(len(ids))]:
            raise DataError(f"{row.place}: id {row.columns[0]}; allowed here: {expected}", subject=row.place)
        groups.append(_Group(row.form, inside, row.space_after))
        expected = last + 1
    return groups


def _words(group: _Group, start: int, size: int) -> Iterator[TreeWord]:
    """The words of a group; only the last may have a space after it."""
    cuts = _cuts(group)
    for position, row in enumerate(group.rows):
        yield TreeWord(
            start=start + cuts[position],
            end=start + cuts[position + 1],
            form=row.form,
            lemma=row.columns[2],
            upos=_filled(row.columns[3]),
            xpos=_filled(row.columns[4]),
            feats=_filled(row.columns[5]),
            head=_head(row, size),
            deprel=_filled(row.columns[7]),
            space_after=group.space_after and position == len(group.rows) - 1,
            misc=row.misc,
        )


def _cuts(group: _Group) -> list[int]:
    """Where the words of a group begin and end in its form.

    Where they do not add up to it ("du" is "de" and "le"), they share it in proportion to their lengths.
    """
    total = sum(len(row.form) for row in group.rows)
    cuts = [0]
    for row in group.rows:
        cuts.append(cuts[-1] + len(row.form))
    return [cut * len(group.form) // max(1, total) for cut in cuts]


def _head(row: _Row, size: int) -> int:
    value = row.columns[6]
    if value == "_":
        return ROOT
    if not (value.isascii() and value.isdigit()) or int(value) > size:
        raise DataError(f"{row.place}: head {value!r}; allowed: 0 to {size}, or _", subject=row.place)
    return int(value) - 1


def _filled(column: str) -> str:
    return "" if column == "_" else column
