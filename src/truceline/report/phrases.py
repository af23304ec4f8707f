"""How a value of a record is put into words: bounds, days, places, parties, the sentence with its marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from truceline.ledger import Shown
from truceline.records import DateRange, Entity, Event, Location, Quantity, Response, TruceProposal

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour", "TM": "minute"}
_PLACE_PRECISION = {
    "exact": "the place itself",
    "near": "near it",
    "district": "known to the district",
    "province": "known to the province",
    "country": "known to the country only",
    "region": "known to the region only",
    "unknown": "how near is not known",
}
_TIME_PRECISION = {
    "hour": "to the hour",
    "day": "to the day",
    "week": "to the week",
    "month": "to the month",
    "year": "to the year",
    "unknown": "how exactly is not known",
}
_BASIS = {"stated": "stated", "document": "taken from the day of publication", "unknown": "not stated"}
# Directional overrides can make words read as other words; controls can drive a terminal.
_UNSAFE = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}


def printable(text: str) -> str:
    """The text with control characters and directional overrides shown as �; line breaks and tabs stay."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    unsafe = character in _UNSAFE or unicodedata.category(character) in ("Cc", "Cs")
    return "\N{REPLACEMENT CHARACTER}" if unsafe else character


def number(value: float) -> str:
    """A number with its thousands apart: 1,051 or 2.5."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def counted(count: int, one: str) -> str:
    """A number of things: "1 event", "2 events"."""
    return f"{count:,} {one if count == 1 else one + 's'}"


def bounds(quantity: Quantity) -> str:
    """What is claimed, with its unit: "at least 1,051", "at most 1,299 (about 1,300)", "10 to 15"."""
    low, best, high = quantity.low, quantity.best, quantity.high
    if low is not None and low == high:
        words = ("about " if quantity.approximate else "") + number(low)
    elif low is not None and high is not None:
        words = f"{number(low)} to {number(high)}" + _best(best, low, high)
    elif low is not None:
        words = f"at least {number(low)}" + _best(best, low)
    elif high is not None:
        words = f"at most {number(high)}" + _best(best, high)
    elif best is not None:
        words = ("about " if quantity.approximate else "") + number(best)
    else:
        words = "an unstated number"
    return f"{words} {quantity.unit}" if quantity.unit else words


def _best(best: float | None, *others: float) -> str:
    return "" if best is None or best in others else f" (about {number(best)})"


def measure(quantity: Quantity) -> str:
    """What is counted: "dead: people", "munition: drone"; the kind alone when the item says no more."""
    if quantity.item in ("", quantity.kind, quantity.unit):
        return quantity.kind
    return quantity.item if quantity.kind == "other" else f"{quantity.kind}: {quantity.item}"


def one_day(value: str) -> str:
    """An ISO day or time as "4 May 2031" or "4 May 2031 18:00+02:00"."""
    when = date.fromisoformat(value[:10])
    clock = value[11:].replace(":00+00:00", " UTC") if len(value) > 10 else ""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}" + (f" {clock}" if clock else "")


def period(start: str | None, end: str | None) -> str:
    """Two ISO days or times, both inclusive, as short as they can be said; "not known" when both are None."""
    if start is None and end is None:
        return "not known"
    if start is None or end is None:
        return f"until {one_day(end)}" if end else f"from {one_day(start or '')}"
    if start == end:
        return one_day(start)
    if len(start) == len(end) == 10 and start[:7] == end[:7]:
        return f"{int(start[8:])}–{one_day(end)}"
    if len(start) == len(end) == 10 and start[:4] == end[:4]:
        return f"{one_day(start)[:-5]} – {one_day(end)}"
    return f"{one_day(start)} – {one_day(end)}"


def when(dates: DateRange) -> str:
    """The day or days of an event."""
    return "no day" if dates.start is None and dates.end is None else period(dates.start, dates.end)


def when_basis(dates: DateRange) -> str:
    """How exactly a day is known and where it was taken from, with the words if the report states it."""
    if dates.start is None and dates.end is None:
        return "not stated"
    stated = f"stated: “{dates.text}”" if dates.text else _BASIS[dates.basis]
    return f"{_TIME_PRECISION[dates.precision]}, {stated}"


def party(entity: Entity) -> str:
    """A party by name, with its code and sectors: "Velland (XVE MIL)"; implied parties say so."""
    codes = " ".join(code for code in (entity.country, *entity.sectors) if code)
    implied = ", implied" if entity.implied else ""
    return entity.name + (f" ({codes}{implied})" if codes else " (implied)" if implied else "")


def parties(entities: Iterable[Entity], *, none: str = "not named") -> str:
    """Several parties, in the record's order."""
    return ", ".join(map(party, entities)) or none


def place(location: Location | None) -> str:
    """A place by name, with province and country code."""
    if location is None:
        return "no place given"
    return ", ".join(part for part in (location.name, location.admin1, location.country) if part)


def place_precision(location: Location | None) -> str:
    """How exactly a place is known; empty without a place."""
    return "" if location is None else _PLACE_PRECISION[location.precision]


def event_code(event: Event) -> str:
    """The type and the mode: ASSAULT-aerial."""
    return event.event_type + (f"-{event.event_mode}" if event.event_mode else "")


def holders(event: Event) -> list[str]:
    """Who stands behind an event, each in words; empty when the report itself does."""
    said = {"+": "said by", "-": "denied by"}
    return [
        f"{said[held.polarity]} {party(held.holder)}: “{held.cue}”, {held.certainty}"
        if held.cue
        else f"{said[held.polarity]} {party(held.holder)}, {held.certainty}"
        for held in event.attribution
    ]


def duration(value: str) -> str:
    """An ISO 8601 duration in words: P1M is "1 month"; what is not one is given as it is."""
    match = re.fullmatch(r"P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(?:T(\d+H)?(\d+M)?)?", value)
    if not match or not any(match.groups()):
        return value
    *days, minutes = match.groups()
    found = [(part[:-1], part[-1]) for part in days if part]
    found += [(minutes[:-1], "TM")] if minutes else []
    return " ".join(f"{count} {_UNITS[unit]}{'' if count == '1' else 's'}" for count, unit in found)


def proposal_terms(proposal: TruceProposal) -> list[tuple[str, str]]:
    """What a proposal says, as (name, value); what it leaves out is not in it."""
    terms = [
        ("proposed by", party(proposal.proposer) if proposal.proposer else "not named"),
        ("parties", parties(proposal.parties)),
        ("scope", proposal.scope),
        ("duration", proposal.duration and duration(proposal.duration)),
        ("start", proposal.start and one_day(proposal.start)),
        ("area", proposal.area),
        ("conditions", "; ".join(proposal.conditions)),
    ]
    return [(name, value) for name, value in terms if value]


def answer(response: Response) -> str:
    """What a party answered; silence with the day up to which it is known."""
    if response.answer == "none as of":
        return f"none as of {one_day(response.as_of)}" if response.as_of else "none"
    return response.answer + (f" (as of {one_day(response.as_of)})" if response.as_of else "")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence; ``role`` is trigger, actor, recipient, holder, quantity, place, evidence or ""."""

    text: str
    role: str


def marked(shown: Shown[Event]) -> tuple[Piece, ...]:
    """The event's sentence in pieces, with the words that the record was made from marked by what they are.

    Where marks overlap the first in the order of ``Piece.role`` wins.
    """
    start, end = shown.sentence
    text = shown.stored.coded.document.text
    roles = [""] * (end - start)
    for role, first, last in reversed(list(_marks(shown.record))):
        for offset in range(max(first, start), min(last, end)):
            roles[offset - start] = role
    pieces: list[Piece] = []
    for offset, role in enumerate(roles, start):
        if pieces and pieces[-1].role == role:
            pieces[-1] = Piece(pieces[-1].text + text[offset], role)
        else:
            pieces.append(Piece(text[offset], role))
    return tuple(pieces)


def _marks(event: Event) -> Iterable[tuple[str, int, int]]:
    yield "trigger", event.trigger.start, event.trigger.end
    named = [("actor", entity) for entity in event.actor] + [("recipient", entity) for entity in event.recipient]
    named += [("holder", held.holder) for held in event.attribution]
    for role, entity in named:
        yield role, entity.start, entity.end
    for quantity in event.quantities:
        yield "quantity", quantity.start, quantity.end
    if event.location:
        yield "place", event.location.start, event.location.end
    for evidence in event.evidence:
        yield "evidence", evidence.start, evidence.end
