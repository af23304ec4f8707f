"""What people have, as documents: files, folders, standard input; text and JSON lines.

Reading never stops at a bad report: it comes out as a ``Refused`` with its reason, and the rest goes on.
"""

from __future__ import annotations

import json
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TextIO

from truceline.errors import InputError
from truceline.records import Document

__all__ = ["Refused", "read"]

TEXT_SUFFIXES: Final = (".txt", ".md", ".text")
LINES_SUFFIXES: Final = (".jsonl", ".ndjson")
# A report is a few thousand words; what is a thousand times longer is a file of another kind.
MAX_CHARACTERS: Final = 5_000_000
# Files that hold reports in a form of their own: read as text, their markup would be coded.
OTHER_KINDS: Final = frozenset(
    ".html .htm .xhtml .xml .rss .json .csv .tsv .pdf .doc .docx .odt .rtf .eml .parquet .warc .gz .zip".split()
)
STRING_FIELDS: Final = ("id", "text", "published", "title", "source", "url", "language")
# Control characters that no text has: a file with these is something else.
NOT_TEXT: Final = frozenset(map(chr, [*range(9), 11, *range(14, 27), *range(28, 32), 127]))
# What JSON can escape but a file or database cannot hold: NUL and lone surrogates.
NOT_STORED: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Refused:
    """A report that was not read: where it is (a path, or a path and a line) and why, in one line.

    ``raw`` is the line as it came, for lines of JSON; None for whole files, which stay where they are.
    """

    where: str
    reason: str
    raw: str | None = None


def read(
    inputs: Iterable[str], *, published: str | None = None, stdin: TextIO | None = None
) -> Iterator[Document | Refused]:
    """Documents of files, folders (all reports below, in the order of their names) or "-" for standard input.

    ``published`` (an ISO day or time) is the day of reports that do not say their own.
    """
    for name in inputs:
        if name == "-":
            yield from _standard_input(stdin or sys.stdin, published)
        elif not name or not _there(Path(name)):
            yield Refused(name, "there is no such file or folder; check the path")
        elif Path(name).is_dir():
            yield from _folder(Path(name), published)
        else:
            yield from _file(Path(name), published)


def _there(path: Path) -> bool:
    """Whether the path exists; one that the system will not even look up (too long, barred) does not."""
    try:
        return path.exists()
    except OSError:
        return False


def _is_report(path: Path) -> bool:
    """A file with a report's ending; a README says something about the reports and is none."""
    known = path.suffix.lower() in TEXT_SUFFIXES + LINES_SUFFIXES
    return known and path.stem.upper() != "README" and path.is_file()


def _folder(folder: Path, published: str | None) -> Iterator[Document | Refused]:
    files = sorted(p for p in folder.rglob("*") if _is_report(p))
    if not files:
        yield Refused(
            str(folder), f"no reports in this folder; they end in {', '.join(TEXT_SUFFIXES + LINES_SUFFIXES)}"
        )
    for path in files:
        yield from _file(path, published)


def _file(path: Path, published: str | None) -> Iterator[Document | Refused]:
    if path.suffix.lower() in OTHER_KINDS:
        kinds = ", ".join(TEXT_SUFFIXES + LINES_SUFFIXES)
        yield Refused(str(path), f"{path.suffix} files are not read yet; give the text itself ({kinds})")
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Refused(str(path), f"cannot be read: {error.strerror}")
        return
    yield from _decoded(data, str(path), published, lines=path.suffix.lower() in LINES_SUFFIXES)


def _standard_input(stdin: TextIO, published: str | None) -> Iterator[Document | Refused]:
    """Standard input is JSON lines when its first line is a JSON object, else one report."""
    # Its bytes, where there are any: they are UTF-8 whatever the terminal's own encoding is.
    stream = getattr(stdin, "buffer", None)
    data = stream.read() if stream else stdin.read().encode("utf-8", "surrogatepass")
    first = data.removeprefix(BOM_UTF8).lstrip().split(b"\n", 1)[0]
    yield from _decoded(data, "standard input", published, lines=_is_object(first))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _decoded(data: bytes, where: str, published: str | None, *, lines: bool) -> Iterator[Document | Refused]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Refused(where, f"not UTF-8 text (byte {error.start}); save it as UTF-8 and try again")
        return
    if lines:
        yield from _json_lines(text, where, published)
    else:
        yield _text(text, where, published)


def _text(text: str, where: str, published: str | None) -> Document | Refused:
    """A text file is one report; lines such as "Published: DAY" at its top are facts about it."""
    if not NOT_TEXT.isdisjoint(text):
        return Refused(where, "not a text file (it holds control characters); give text or JSON lines")
    facts, body = _header(text)
    return _document({**facts, "text": body}, where, published)


def _header(text: str) -> tuple[dict[str, str], str]:
    """Leading "Title:", "Source:", "Url:", "Published:", "Id:" lines, ended by a blank line; else none."""
    head, blank, body = text.replace("\r\n", "\n").partition("\n\n")
    facts: dict[str, str] = {}
    for line in head.split("\n"):
        key, colon, value = line.partition(":")
        if not colon or key.strip().lower() not in ("title", "source", "url", "published", "id"):
            return {}, text
        facts[key.strip().lower()] = value.strip()
    return (facts, body) if blank else ({}, text)


def _json_lines(text: str, where: str, published: str | None) -> Iterator[Document | Refused]:
    if not text.strip():
        yield Refused(where, "the file is empty")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            found = _json_line(line, f"{where}, line {number}", published)
            yield replace(found, raw=line) if isinstance(found, Refused) else found


def _json_line(line: str, where: str, published: str | None) -> Document | Refused:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        # Not only JSONDecodeError: a number of thousands of digits is a plain ValueError.
        return Refused(where, f'not JSON ({error}); each line is one object with at least "text"')
    if not isinstance(found, dict) or found.get("text") is None:
        return Refused(where, 'no "text" here; each line is one object with at least "text"')
    facts = {k: v for k, v in found.items() if k in STRING_FIELDS and v is not None}
    wrong = next((k for k, v in facts.items() if not isinstance(v, str)), None)
    if wrong:
        return Refused(where, f'"{wrong}" is a {type(facts[wrong]).__name__}; it must be a string')
    return _document(facts, where, published)


def _document(facts: dict[str, str], where: str, published: str | None) -> Document | Refused:
    """The document of what a report says of itself; an empty field says nothing."""
    said = {key: NOT_STORED.sub("\ufffd", value) for key, value in facts.items() if value or key == "text"}
    if len(facts["text"]) > MAX_CHARACTERS:
        return Refused(where, f"longer than {MAX_CHARACTERS:,} characters; split it into reports")
    try:
        return Document.of(**{"published": published, **said})  # type: ignore[arg-type]
    except InputError as error:
        return Refused(where, str(error))
