"""Reading a ledger: current codings as the coder's own records, in an order that their content decides."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, or_, select

from truceline.errors import InputError, LedgerError
from truceline.ledger.tables import (
    PARTS,
    codings,
    documents,
    events,
    history,
    participants,
    sources,
    statements,
    truce_proposals,
)
from truceline.records import CodedDocument, Event, Statement, TruceProposal, as_json

R_co = TypeVar("R_co", covariant=True)
_LISTED = 8
_BY_ID = {"event": events, "statement": statements, "proposal": truce_proposals}
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text was seen: the id it came with, outlet, address and title, None when not given.

    ``published`` is an ISO day or time, None when unknown; ``at`` is the time it was added.
    """

    document_id: str
    source: str | None
    url: str | None
    title: str | None
    published: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A text with one coding of it, and every place the text was seen, in the order they were added.

    ``coded.document`` has the text itself; ``at`` is the time this coding was added.
    """

    coded: CodedDocument
    sources: tuple[Source, ...]
    at: str


@dataclass(frozen=True, slots=True)
class Shown(Generic[R_co]):
    """A record with the stored document it is part of; ``kind`` is the word the command line uses for it.

    Kinds: document, event, statement, proposal, role claim, rejection.
    """

    kind: str
    record: R_co
    stored: Stored

    @property
    def words(self) -> str:
        """The sentence that the record is in, or the words it is about; a document's title or first line."""
        coded: Any = self.record
        text = self.stored.coded.document.text
        if self.kind == "document":
            return coded.document.title or text.strip().split("\n", 1)[0][:80]
        if self.kind == "rejection":
            return text[coded.start : coded.end]
        start, end = self.sentence
        return text[start:end]

    @property
    def sentence(self) -> tuple[int, int]:
        """Half-open offsets of the record's sentence; (0, 0) for a record that names none."""
        wanted = getattr(self.record, "sentence", None)
        found = (s for s in self.stored.coded.sentences if s.index == wanted)
        return next(((s.start, s.end) for s in found), (0, 0))

    def to_json(self) -> dict[str, Any]:
        """The record as JSON values, with its kind, its words, its document, sources and versions."""
        coded = self.stored.coded
        return {
            "kind": self.kind,
            "record": as_json(self.record),
            "words": self.words,
            "document": as_json(coded.document),
            "sources": as_json(self.stored.sources),
            "versions": as_json(coded.versions),
        }


@dataclass(frozen=True, slots=True)
class Stats:
    """How much a ledger holds, in current codings; ``codings`` and ``changes`` count the earlier ones too.

    ``undated`` is the number of events that no period finds: neither they nor their report have a day.
    ``head`` is the hash of the last change, "" for an empty ledger: kept elsewhere, it proves that nothing
    was cut off the end.
    """

    documents: int
    sources: int
    codings: int
    events: int
    undated: int
    statements: int
    truce_proposals: int
    role_claims: int
    rejections: int
    changes: int
    head: str


def iso_day(value: str | date | None, name: str) -> str | None:
    """An ISO day, checked; ``name`` is the option's, for the message.

    Raises:
        InputError: it is not an ISO day.
    """
    if value is None or isinstance(value, date):
        return value.isoformat()[:10] if value else None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise InputError(f"{name} is {value!r}: give an ISO day, such as 2025-03-03", subject=name) from None


def stored(conn: Connection, coding: int) -> Stored:
    """One coding with its text and sources; ``coding`` is its key."""
    join = select(codings, documents.c.text).join(documents).where(codings.c.key == coding)
    row = conn.execute(join).one()
    record = json.loads(row.record)
    record["document"]["text"] = row.text
    seen = select(sources).where(sources.c.document == row.document).order_by(sources.c.key)
    names = [field.name for field in dataclasses.fields(Source)]
    return Stored(
        coded=_decoder(CodedDocument)(record),
        sources=tuple(Source(*(getattr(line, name) for name in names)) for line in conn.execute(seen)),
        at=row.at,
    )


def every_document(conn: Connection, since: str | None, until: str | None) -> Iterator[Shown[CodedDocument]]:
    """Every document, or those published in a period, both days included."""
    query = _ordered(select(codings.c.key.label("coding")).select_from(codings), *_published(since, until))
    for row in conn.execute(query):
        one = stored(conn, row.coding)
        yield Shown("document", one.coded, one)


def every_part(
    conn: Connection, table: Table, kind: str, conditions: tuple[ColumnElement[bool], ...]
) -> Iterator[Shown[Any]]:
    """Every record of one kind in current codings; each document is read once and then let go."""
    rows = _ordered(select(table.c.coding, table.c.position).select_from(table).join(codings), *conditions).order_by(
        table.c.position
    )
    for coding, found in groupby(conn.execute(rows), key=lambda row: row.coding):
        one = stored(conn, coding)
        records = getattr(one.coded, table.name)
        for row in found:
            yield Shown(kind, records[row.position], one)


def published_conditions(since: str | None, until: str | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a coding: published in a period, both days included."""
    return tuple(_published(since, until))


def event_conditions(
    *, since: str | None, until: str | None, event_type: str | None, country: str | None, status: str | None
) -> tuple[ColumnElement[bool], ...]:
    """Conditions on an event: its days meet the period; a country takes part or is the place."""
    conditions: list[ColumnElement[bool]] = []
    if since:
        conditions.append(events.c.last_day >= since)
    if until:
        conditions.append(events.c.first_day <= until)
    if event_type:
        conditions.append(events.c.event_type == event_type)
    if status:
        conditions.append(events.c.status == status)
    if country:
        same = (participants.c.coding == events.c.coding) & (participants.c.position == events.c.position)
        takes_part = exists().where(same, participants.c.country == country)
        conditions.append(or_(takes_part, events.c.place_country == country))
    return tuple(conditions)


def _published(since: str | None, until: str | None) -> Iterator[ColumnElement[bool]]:
    if since:
        yield codings.c.published >= since
    if until:
        yield func.substr(codings.c.published, 1, 10) <= until


def _current() -> ColumnElement[bool]:
    later = codings.alias("later")
    return ~exists().where(later.c.document == codings.c.document, later.c.key > codings.c.key)


def _ordered(query: Select[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Only current codings, by day of publication and then by the text's hash."""
    ordered = query.join(documents, documents.c.key == codings.c.document).where(_current(), *conditions)
    return ordered.order_by(func.coalesce(codings.c.published, ""), documents.c.sha256)


def stats(conn: Connection) -> Stats:
    """How much the ledger holds."""

    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(*conditions)
        if table in PARTS:
            query = query.join(codings, codings.c.key == table.c.coding).where(_current())
        return conn.execute(query).scalar_one()

    parts = {table.name: count(table) for table in PARTS}
    last = select(history.c.seq, history.c.hash).order_by(history.c.seq.desc()).limit(1)
    changes, head = conn.execute(last).one_or_none() or (0, "")
    return Stats(
        documents=count(documents),
        sources=count(sources),
        codings=count(codings),
        events=parts["events"],
        undated=count(events, events.c.first_day.is_(None)),
        statements=parts["statements"],
        truce_proposals=parts["truce_proposals"],
        role_claims=parts["role_claims"],
        rejections=parts["rejections"],
        changes=changes,
        head=head,
    )


def find(conn: Connection, wanted: str) -> Shown[CodedDocument | Event | Statement | TruceProposal]:
    """The one record with an id, or whose id starts so; a document also by the hash of its text.

    A whole id wins over longer ones that start with it. What only an earlier coding has is found there.

    Raises:
        LedgerError: none has it, or several do; the message lists them.
    """
    found = _candidates(conn, wanted, whole=True) or _candidates(conn, wanted, whole=False)
    if not found:
        raise LedgerError(
            f"nothing in the ledger has the id {wanted!r}: give the id of an event, document, statement or "
            "proposal, or its first characters",
            subject=wanted,
        )
    if len(found) > 1:
        raise LedgerError(_ambiguous(wanted, found), subject=wanted)
    return found[0]


def _candidates(conn: Connection, wanted: str, *, whole: bool) -> list[Shown[Any]]:
    if not wanted:
        return []

    def has(column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of ids
        if whole:
            return typing.cast("ColumnElement[bool]", column == wanted)
        return and_(column >= wanted, column < wanted + _LAST_CHARACTER)

    newest = func.max(codings.c.key).label("coding")
    by_text = select(documents.c.id, newest).join(codings, codings.c.document == documents.c.key)
    by_text = by_text.where(or_(has(documents.c.id), has(documents.c.sha256))).group_by(documents.c.key)
    queries = {"document": by_text}
    for kind, table in _BY_ID.items():
        by_id = select(table.c.id, newest).join(codings, codings.c.key == table.c.coding)
        queries[kind] = by_id.where(has(table.c.id)).group_by(table.c.id, codings.c.document)
    found: list[Shown[Any]] = []
    for kind, query in queries.items():
        rows = conn.execute(query.order_by(query.selected_columns[0]).limit(_LISTED + 1))
        found += [_shown(conn, kind, row.id, row.coding) for row in rows]
    return found


def _shown(conn: Connection, kind: str, wanted: str, coding: int) -> Shown[Any]:
    one = stored(conn, coding)
    if kind == "document":
        return Shown(kind, one.coded, one)
    records = getattr(one.coded, _BY_ID[kind].name)
    return Shown(kind, next(record for record in records if record.id == wanted), one)


def _ambiguous(wanted: str, found: list[Shown[Any]]) -> str:
    listed = "; ".join(_listed(shown) for shown in found[:_LISTED])
    more = " and more" if len(found) > _LISTED else ""
    return f"{wanted!r} is the id or the start of the id of several: {listed}{more}. Give more of it"


def _listed(shown: Shown[Any]) -> str:
    document = shown.stored.coded.document
    words = " ".join(shown.words.split())
    words = words if len(words) <= 60 else words[:59] + "…"
    if shown.kind == "document":
        return f"document {document.id} with the hash {document.sha256[:16]} ({words})"
    return f"{shown.kind} {shown.record.id} in {document.id} ({words})"


@functools.cache
def _decoder(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type, as annotations have it
    """What turns JSON values back into a record's field of this type."""
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(typing.cast("type[Any]", kind))
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        item = _decoder(arguments[0])
        return lambda values: tuple(map(item, values))
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        inner = _decoder(next(argument for argument in arguments if argument is not type(None)))
        return lambda value: None if value is None else inner(value)
    return lambda value: value


def _dataclass_decoder(kind: type[Any]) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    fields = [(field.name, _decoder(hints[field.name])) for field in dataclasses.fields(kind)]
    return lambda value: kind(**{name: decode(value[name]) for name, decode in fields if name in value})
