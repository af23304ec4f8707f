"""The records that leave the coder: frozen, typed, and the same on every machine.

Offsets are half-open and count characters of ``Document.text``. Sentence indexes count from 0. Countries are
ISO 3166-1 alpha-3, or IGO, NGO, MNC, or the code of a named group. Days are ISO 8601. ``as_json`` gives the
form that is written to JSON lines; its keys are the field names, in order, and ``SCHEMA_VERSION`` changes
whenever they do.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from truceline.errors import InputError

SCHEMA_VERSION = "1"

Status = Literal["asserted", "negated", "planned", "hypothetical", "historical"]
Certainty = Literal["certain", "probable", "possible", "unstated"]
Polarity = Literal["+", "-"]
Basis = Literal["stated", "document", "unknown"]
TimePrecision = Literal["hour", "day", "week", "month", "year", "unknown"]
PlacePrecision = Literal["exact", "near", "district", "province", "country", "region", "unknown"]
QuantityKind = Literal[
    "munition", "dead", "injured", "missing", "captured", "displaced", "people", "money", "duration",
    "vehicle", "other",
]  # fmt: skip
MentionKind = Literal[
    "country", "demonym", "capital", "seat", "organisation", "group", "person", "role", "place", "region"
]
Answer = Literal[
    "accepted", "rejected", "conditional", "counter-proposal", "ambiguous", "none as of"
]  # fmt: skip


def content_id(prefix: str, *parts: object) -> str:
    """An id made of what the record says: equal content gives an equal id on any machine, in any order."""
    joined = json.dumps([str(part) for part in parts], ensure_ascii=True)
    return f"{prefix}-{hashlib.sha256(joined.encode()).hexdigest()[:16]}"


def as_json(record: Any) -> Any:  # noqa: ANN401 - any record, or a value inside one
    """The record as JSON values: dataclasses as objects in field order, tuples as lists."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        shown = (f for f in dataclasses.fields(record) if not f.metadata.get("private"))
        return {f.name: as_json(getattr(record, f.name)) for f in shown}
    if isinstance(record, tuple | list):
        return [as_json(item) for item in record]
    if isinstance(record, Mapping):
        return {key: as_json(value) for key, value in record.items()}
    return record


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text: ``text[start:end] == text_of_the_span``; ``end`` is exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value is in the record: the rule that decided and the words it read."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One report as it came. ``published`` is an ISO day or an ISO time with its zone; None when unknown."""

    id: str
    source: str | None
    url: str | None
    title: str | None
    published: str | None
    language: str
    sha256: str
    text: str = field(metadata={"private": True}, repr=False)

    @classmethod
    def of(
        cls,
        text: str,
        *,
        id: str | None = None,
        published: str | date | datetime | None = None,
        source: str | None = None,
        url: str | None = None,
        title: str | None = None,
        language: str = "en",
    ) -> Document:
        """Make a document of a text; its id defaults to the hash of the text.

        Raises:
            InputError: the text is blank, or ``published`` is not an ISO day or time.
        """
        if not text.strip():
            raise InputError("the report is empty: nothing to code", subject=id or "")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(
            id=id or f"doc-{digest[:16]}",
            source=source,
            url=url,
            title=title,
            published=iso_time(published),
            language=language,
            sha256=digest,
            text=text,
        )

    @property
    def day(self) -> date | None:
        """The day of publication, in the zone it was given in; None when unknown."""
        return date.fromisoformat(self.published[:10]) if self.published else None


def iso_time(value: str | date | datetime | None) -> str | None:
    """An ISO day or time, checked; a time without a zone is taken as UTC.

    Raises:
        InputError: the value is not an ISO 8601 day or time.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    with contextlib.suppress(ValueError):
        return date.fromisoformat(value.strip()).isoformat()
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise InputError(
            f"published is {value!r}: give an ISO day or time, such as 2025-03-03 or 2025-03-03T06:30+02:00",
            subject=value,
        ) from None
    return iso_time(moment)


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """Where a sentence lies in the text."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, role or place that the knowledge base knows, where the text has it.

    ``candidates`` are ids of the knowledge base, best known first; they are what the words could mean, before
    the rest of the phrase and the day decide.
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor, recipient, speaker or party as the record has it.

    ``text`` and the offsets are its words; with ``implied`` they are the words elsewhere in the report that it
    was taken from. ``name`` is the resolved name (the words themselves when nothing is known), ``id`` the
    knowledge base's id or None, ``country`` a code or None, ``sectors`` the codebook's sector codes.
    """

    text: str
    start: int
    end: int
    name: str
    id: str | None
    country: str | None
    sectors: tuple[str, ...] = ()
    implied: bool = False


@dataclass(frozen=True, slots=True)
class DateRange:
    """When: ISO days or times, both ends inclusive; None when unknown. ``text`` is empty unless stated."""

    start: str | None
    end: str | None
    text: str
    precision: TimePrecision
    basis: Basis


@dataclass(frozen=True, slots=True)
class Location:
    """Where. Coordinates are degrees and only given for places; a country or province has none of its own.

    ``geonames`` is the GeoNames id; ``country`` ISO 3166-1 alpha-3; None for what is not known.
    """

    name: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    geonames: int | None
    precision: PlacePrecision
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as an interval of closed bounds; a bound that the words do not give is None.

    "more than 1,050" has low 1051; "nearly 1,300" has high 1299 and best 1300, approximate; "20" has all three
    equal. ``unit`` is an ISO 4217 currency, a unit of time, or None for things counted. ``part_of`` is the text
    of the whole that this is a part of, such as "64 people" for "including nine children"; else None.
    """

    kind: QuantityKind
    item: str
    low: float | None
    best: float | None
    high: float | None
    approximate: bool
    unit: str | None
    text: str
    start: int
    end: int
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who stands behind an event: its holder, the words that say so, how sure, and whether affirmed or denied."""

    holder: Entity
    cue: str
    certainty: Certainty
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom. ``score`` is the ontology's intensity; ``cameo`` and ``event_mode`` may be None."""

    id: str
    sentence: int
    event_type: str
    event_mode: str | None
    cameo: str | None
    quad_class: str
    score: float
    contexts: tuple[str, ...]
    trigger: Span
    actor: tuple[Entity, ...]
    recipient: tuple[Entity, ...]
    date: DateRange
    location: Location | None
    quantities: tuple[Quantity, ...]
    status: Status
    attribution: tuple[Attribution, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said. ``direct`` is True when the content, or a part of it, is quoted word for word."""

    id: str
    sentence: int
    speaker: Entity
    cue: str
    addressee: Entity | None
    content: Span | None
    direct: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """What one party answered to a proposal; "none as of" has the day of the report in ``as_of``."""

    party: Entity
    answer: Answer
    as_of: str | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TruceProposal:
    """A truce proposed. ``duration`` is ISO 8601 (P1M); ``start`` an ISO day; both None when not stated."""

    id: str
    sentence: int
    proposer: Entity | None
    parties: tuple[Entity, ...]
    scope: str | None
    duration: str | None
    start: str | None
    area: str | None
    conditions: tuple[str, ...]
    responses: tuple[Response, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """An office that the report gives a person, checked against the record of offices on the report's day.

    ``agrees`` is None when the record of offices cannot tell; ``on_record`` says what it holds.
    """

    sentence: int
    person: str
    role: str
    text: str
    agrees: bool | None
    on_record: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """Words that looked like an event and were not recorded as one, and why."""

    reason: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Versions:
    """What made a record: the package's version and the hashes of its parts."""

    truceline: str
    model: str
    ontology: str
    lexicon: str
    kb: str


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """Everything that one report says, coded."""

    document: Document
    sentences: tuple[SentenceSpan, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    truce_proposals: tuple[TruceProposal, ...]
    role_claims: tuple[RoleClaim, ...]
    rejections: tuple[Rejection, ...]
    versions: Versions

    def to_json(self) -> dict[str, Any]:
        """The record as JSON values, in the documented order; the text itself is not repeated in it."""
        result: dict[str, Any] = as_json(self)
        return result
