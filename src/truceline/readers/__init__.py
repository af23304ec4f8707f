"""What people have, as documents: files, folders, standard input; text and JSON lines.

Reading never stops at a bad report: it comes out as a ``Refused`` with its reason, and the rest goes on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TextIO

from truceline.errors import InputError
from truceline.records import Document

__all__ = ["Refused", "read"]

TEXT_SUFFIXES: Final = (".txt", ".md", ".text")
LINES_SUFFIXES: Final = (".jsonl", ".ndjson")
# A report is a few thousand words; what is a thousand times longer is a file of another kind.
MAX_CHARACTERS: Final = 5_000_000
STRING_FIELDS: Final = ("id", "text", "published", "title", "source", "url", "language")
# Control characters that no text has: a file with these is something else.
NOT_TEXT: Final = frozenset(map(chr, [*range(9), 11, *range(14, 27), *range(28, 32), 127]))


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
            yield from _lines_or_text((stdin or sys.stdin).read(), "standard input", published)
            continue
        path = Path(name)
        if path.is_dir():
            yield from _folder(path, published)
        elif path.exists():
            yield from _file(path, published)
        else:
            yield Refused(name, "there is no such file or folder; check the path")


def _folder(folder: Path, published: str | None) -> Iterator[Document | Refused]:
    files = sorted(
        p for p in folder.rglob("*") if p.suffix.lower() in TEXT_SUFFIXES + LINES_SUFFIXES and p.is_file()
    )
    if not files:
        yield Refused(
            str(folder), f"no reports in this folder; they end in {', '.join(TEXT_SUFFIXES + LINES_SUFFIXES)}"
        )
    for path in files:
        yield from _file(path, published)


def _file(path: Path, published: str | None) -> Iterator[Document | Refused]:
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Refused(str(path), f"cannot be read: {error.strerror}")
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Refused(str(path), f"not UTF-8 text (byte {error.start}); save it as UTF-8 and try again")
        return
    if path.suffix.lower() in LINES_SUFFIXES:
        yield from _json_lines(text, str(path), published)
    else:
        yield _text(text, str(path), published)


def _lines_or_text(text: str, where: str, published: str | None) -> Iterator[Document | Refused]:
    """Standard input is JSON lines when its first line is a JSON object, else one report."""
    if text.lstrip().startswith("{") and _is_object(text.lstrip().split("\n", 1)[0]):
        yield from _json_lines(text, where, published)
    else:
        yield _text(text, where, published)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False


def _text(text: str, where: str, published: str | None) -> Document | Refused:
    """A text file is one report. Lines "Published: DAY", "Source: ..." and the like at its top are its own facts."""
    if not NOT_TEXT.isdisjoint(text):
        return Refused(where, "not a text file (it holds control characters); give text or JSON lines")
    facts, body = _header(text)
    return _document({"published": published, **facts, "text": body}, where)


def _header(text: str) -> tuple[dict[str, str], str]:
    """Leading "Title:", "Source:", "Url:", "Published:", "Id:" lines, ended by a blank line; else none of it."""
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
    except (json.JSONDecodeError, RecursionError) as error:
        return Refused(where, f'not JSON ({error}); each line is one object with at least "text"')
    if not isinstance(found, dict) or "text" not in found:
        return Refused(where, 'no "text" here; each line is one object with at least "text"')
    facts = {k: v for k, v in found.items() if k in STRING_FIELDS and v is not None}
    wrong = next((k for k, v in facts.items() if not isinstance(v, str)), None)
    if wrong:
        return Refused(where, f'"{wrong}" is a {type(facts[wrong]).__name__}; it must be a string')
    return _document({"published": published, **facts}, where)


def _document(facts: dict[str, Any], where: str) -> Document | Refused:
    if len(facts["text"]) > MAX_CHARACTERS:
        return Refused(where, f"longer than {MAX_CHARACTERS:,} characters; split it into reports")
    try:
        return Document.of(**facts)
    except InputError as error:
        return Refused(where, str(error))
