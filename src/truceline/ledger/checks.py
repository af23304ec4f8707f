"""Whether a ledger still says what was added: the chain, the rows, and every span against its text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from truceline.ledger.tables import (
    PARTS,
    SUBJECTS,
    Json,
    chained,
    codings,
    digest_of,
    documents,
    history,
    rows_of,
)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was added: ``where`` names the row, ``what`` says what is wrong with it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def misplaced(record: Any, text: str) -> Iterator[str]:  # noqa: ANN401 - JSON values
    """What is wrong with the spans of a coded record, as JSON: outside the text, or other words there."""
    if isinstance(record, list):
        for item in record:
            yield from misplaced(item, text)
    elif isinstance(record, dict):
        start, end = record.get("start"), record.get("end")
        if isinstance(start, int) and isinstance(end, int):
            yield from _misplaced_span(start, end, record.get("text"), text)
        for value in record.values():
            yield from misplaced(value, text)


def _misplaced_span(start: int, end: int, words: str | None, text: str) -> Iterator[str]:
    if not 0 <= start <= end <= len(text):
        yield f"the span {start}-{end} is outside the text of {len(text)} characters"
    elif words is not None and text[start:end] != words:
        yield f"the span {start}-{end} reads {text[start:end]!r} in the text and {words!r} in the record"


def problems(conn: Connection) -> Iterator[Problem]:
    """Everything wrong with a ledger, in the order of its history; nothing when it is as it was made."""
    previous, expected = "", 1
    for line in conn.execute(select(history).order_by(history.c.seq).execution_options(yield_per=_BATCH)):
        where = f"history {line.seq}"
        if line.seq != expected:
            yield Problem(where, f"the line before it should be {line.seq - 1} and is {expected - 1}")
        if line.hash != chained(previous, line._mapping):  # type: ignore[arg-type] # a mapping of its columns
            yield Problem(where, "the chain is broken: its hash is not that of what it says and the hash before")
        yield from _changed(conn, line)
        previous, expected = line.hash, line.seq + 1
    for kind, table in SUBJECTS.items():
        yield from _unrecorded(conn, kind, table)


def _changed(conn: Connection, line: Any) -> Iterator[Problem]:  # noqa: ANN401 - a row of history
    table = SUBJECTS.get(line.kind)
    where = f"{line.kind} {line.subject}"
    row = None
    if table is not None:
        row = conn.execute(select(table).where(table.c.key == line.subject)).mappings().one_or_none()
    if row is None:
        yield Problem(where, f"history {line.seq} says it was added, and it is not there")
    elif digest_of(dict(row)) != line.digest:
        yield Problem(where, f"it is not what history {line.seq} says was added")
    elif table is documents:
        yield from _changed_text(where, dict(row))
    elif table is codings:
        yield from _changed_coding(conn, where, dict(row))


def _changed_text(where: str, row: Json) -> Iterator[Problem]:
    if hashlib.sha256(row["text"].encode()).hexdigest() != row["sha256"]:
        yield Problem(where, "its SHA-256 is not that of its text")


def _changed_coding(conn: Connection, where: str, row: Json) -> Iterator[Problem]:
    record = json.loads(row["record"])
    text = conn.execute(select(documents.c.text).where(documents.c.key == row["document"])).scalar_one_or_none()
    for what in misplaced(record, text or ""):
        yield Problem(where, what)
    expected = rows_of(row["key"], record)
    for table in PARTS:
        found = conn.execute(select(table).where(table.c.coding == row["key"]).order_by(*table.primary_key))
        if [dict(line) for line in found.mappings()] != expected[table.name]:
            yield Problem(where, f"its rows in {table.name} are not what its record says")


def _unrecorded(conn: Connection, kind: str, table: Table) -> Iterator[Problem]:
    recorded = select(history.c.subject).where(history.c.kind == kind)
    for key in conn.execute(select(table.c.key).where(table.c.key.not_in(recorded))).scalars():
        yield Problem(f"{kind} {key}", "no line of history says that it was added")
