"""The ledger's tables, and how one coded report becomes their rows.

``documents`` has each text once, ``sources`` each place it was seen, ``codings`` each whole coded record as
JSON. The tables after them are made from that JSON, row for row, so that SQL can ask; ``history`` chains
every change.
Days are ISO 8601 text; offsets are half-open and count characters of ``documents.text``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
REVISIONS = ("0001",)
"""The shapes a ledger has had, oldest first; the last is the one this version writes."""
VERSION_TABLE = "truceline_version"
Row = dict[str, Any]
Json = Mapping[str, Any]

# Ids are searched by prefix as a range, which needs plain byte order.
_ID = String().with_variant(String(collation="C"), "postgresql")


def _word(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _maybe(name: str) -> Column[str]:
    return Column(name, Text)


def _number(name: str) -> Column[float]:
    return Column(name, Float)


def _whole(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _entity(name: str) -> tuple[Column[str], ...]:
    return _maybe(name), _maybe(f"{name}_id"), _maybe(f"{name}_country")


def _key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _of_coding(name: str, *rest: Any) -> Table:  # noqa: ANN401 - columns and indexes, as Table takes them
    """A table with a row for each record of a kind; ``position`` is its place in the coded record's list."""
    coding: Column[int] = Column("coding", ForeignKey("codings.key"), primary_key=True, autoincrement=False)
    return Table(name, METADATA, coding, _key("position"), *rest)


def _of_event(name: str, *rest: Any) -> Table:  # noqa: ANN401
    return _of_coding(name, _key("part"), *rest)


documents = Table(
    "documents",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("id", _ID, nullable=False, index=True),
    Column("sha256", _ID, nullable=False, unique=True),
    _word("language"),
    _word("text"),
)
sources = Table(
    "sources",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("document", ForeignKey("documents.key"), nullable=False, index=True),
    _word("document_id"),
    _maybe("source"),
    _maybe("url"),
    _maybe("title"),
    _maybe("published"),
    _word("at"),
)
codings = Table(
    "codings",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("document", ForeignKey("documents.key"), nullable=False),
    _word("schema"),
    _word("versions"),
    _maybe("published"),
    _word("record"),
    _word("at"),
    Index("codings_of_document", "document", "key"),
)
events = _of_coding(
    "events",
    Column("id", _ID, nullable=False, index=True),
    _whole("sentence"),
    _word("event_type"),
    _maybe("event_mode"),
    _maybe("cameo"),
    _word("quad_class"),
    _number("score"),
    _word("status"),
    Column("first_day", Text, index=True),
    Column("last_day", Text, index=True),
    _word("date_precision"),
    _word("date_basis"),
    _maybe("place"),
    _maybe("place_country"),
    _maybe("place_precision"),
    _number("lat"),
    _number("lon"),
    _word("trigger_words"),
    _whole("trigger_start"),
    _whole("trigger_end"),
)
participants = _of_event(
    "participants",
    _word("role"),
    _word("name"),
    _maybe("id"),
    Column("country", Text, index=True),
    _word("sectors"),
)
attributions = _of_event("attributions", *_entity("holder"), _word("cue"), _word("certainty"), _word("polarity"))
quantities = _of_event(
    "quantities",
    _word("kind"),
    _word("item"),
    _number("low"),
    _number("best"),
    _number("high"),
    Column("approximate", Boolean, nullable=False),
    _maybe("unit"),
    _word("words"),
    _maybe("part_of"),
)
statements = _of_coding(
    "statements",
    Column("id", _ID, nullable=False, index=True),
    _whole("sentence"),
    *_entity("speaker"),
    _word("cue"),
    _maybe("content"),
    Column("direct", Boolean, nullable=False),
)
truce_proposals = _of_coding(
    "truce_proposals",
    Column("id", _ID, nullable=False, index=True),
    _whole("sentence"),
    *_entity("proposer"),
    _maybe("scope"),
    _maybe("duration"),
    _maybe("start"),
    _maybe("area"),
)
responses = _of_event("responses", *_entity("party"), _word("answer"), _maybe("as_of"), _word("words"))
role_claims = _of_coding(
    "role_claims",
    _whole("sentence"),
    _word("person"),
    _word("role"),
    Column("agrees", Boolean),
    _word("on_record"),
)
rejections = _of_coding("rejections", _word("reason"), _whole("start"), _whole("end"))
history = Table(
    "history",
    METADATA,
    _key("seq"),
    _word("at"),
    _word("kind"),
    _whole("subject"),
    _word("digest"),
    _word("hash"),
    UniqueConstraint("kind", "subject", name="history_subject"),
)

SUBJECTS = {"document": documents, "source": sources, "coding": codings}
"""What a line of ``history`` can be about: its ``kind``, and the table whose ``key`` is its ``subject``."""
PARTS = (
    events, participants, attributions, quantities, statements, truce_proposals, responses, role_claims,
    rejections,
)  # fmt: skip
"""The tables made from a coding's JSON."""


def canonical(value: object) -> str:
    """JSON with no spaces, keys in their own order: equal records give equal text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest_of(row: Json) -> str:
    """The SHA-256 of a row of a subject's table, whatever the order of its columns."""
    return hashlib.sha256(canonical(dict(sorted(row.items()))).encode()).hexdigest()


def chained(previous: str, change: Json) -> str:
    """The hash of a line of history: of the hash before it ("" for the first) and of what the line says."""
    said = [change[name] for name in ("seq", "at", "kind", "subject", "digest")]
    return hashlib.sha256((previous + canonical(said)).encode()).hexdigest()


def rows_of(coding: int, record: Json) -> dict[str, list[Row]]:
    """The rows of every table in ``PARTS`` that a coded record, as JSON, makes; keyed by table name."""
    rows: dict[str, list[Row]] = {table.name: [] for table in PARTS}
    published = record["document"]["published"]
    for position, event in enumerate(record["events"]):
        place = {"coding": coding, "position": position}
        rows["events"].append(place | _event_row(event, published))
        for name, parts in _event_parts(event).items():
            rows[name] += _numbered(place, parts)
    for position, proposal in enumerate(record["truce_proposals"]):
        place = {"coding": coding, "position": position}
        rows["truce_proposals"].append(place | _proposal_row(proposal))
        rows["responses"] += _numbered(place, map(_response_row, proposal["responses"]))
    for name, make in _SIMPLE.items():
        rows[name] = [{"coding": coding, "position": i} | make(part) for i, part in enumerate(record[name])]
    return rows


def _numbered(place: Row, parts: Iterable[Row]) -> list[Row]:
    return [place | {"part": number} | part for number, part in enumerate(parts)]


def _picked(record: Json, *names: str) -> Row:
    return {name: record[name] for name in names}


def _entity_row(name: str, entity: Json | None) -> Row:
    entity = entity or {}
    return {
        name: entity.get("name"),
        f"{name}_id": entity.get("id"),
        f"{name}_country": entity.get("country"),
    }


def _event_row(event: Json, published: str | None) -> Row:
    """An event's row; one without a day is filed under the day of publication, so that it can be found."""
    when, place, trigger = event["date"], event["location"] or {}, event["trigger"]
    first = when["start"] or when["end"] or published
    last = when["end"] or when["start"] or published
    return {
        **_picked(event, "id", "sentence", "event_type", "event_mode", "cameo", "quad_class", "score", "status"),
        "first_day": first and first[:10],
        "last_day": last and last[:10],
        "date_precision": when["precision"],
        "date_basis": when["basis"],
        "place": place.get("name"),
        "place_country": place.get("country"),
        "place_precision": place.get("precision"),
        "lat": place.get("lat"),
        "lon": place.get("lon"),
        "trigger_words": trigger["text"],
        "trigger_start": trigger["start"],
        "trigger_end": trigger["end"],
    }


def _event_parts(event: Json) -> dict[str, list[Row]]:
    involved = [(role, entity) for role in ("actor", "recipient") for entity in event[role]]
    measured = ("kind", "item", "low", "best", "high", "approximate", "unit", "part_of")
    return {
        "participants": [
            {"role": role, **_picked(entity, "name", "id", "country"), "sectors": " ".join(entity["sectors"])}
            for role, entity in involved
        ],
        "attributions": [
            _entity_row("holder", held["holder"]) | _picked(held, "cue", "certainty", "polarity")
            for held in event["attribution"]
        ],
        "quantities": [_picked(q, *measured) | {"words": q["text"]} for q in event["quantities"]],
    }


def _statement_row(statement: Json) -> Row:
    content = statement["content"]
    return {
        **_picked(statement, "id", "sentence", "cue", "direct"),
        **_entity_row("speaker", statement["speaker"]),
        "content": content["text"] if content else None,
    }


def _proposal_row(proposal: Json) -> Row:
    picked = _picked(proposal, "id", "sentence", "scope", "duration", "start", "area")
    return picked | _entity_row("proposer", proposal["proposer"])


def _response_row(response: Json) -> Row:
    picked = _picked(response, "answer", "as_of")
    return _entity_row("party", response["party"]) | picked | {"words": response["text"]}


def _role_claim_row(claim: Json) -> Row:
    return _picked(claim, "sentence", "person", "role", "agrees", "on_record")


def _rejection_row(rejection: Json) -> Row:
    return _picked(rejection, "reason", "start", "end")


_SIMPLE = {"statements": _statement_row, "role_claims": _role_claim_row, "rejections": _rejection_row}
