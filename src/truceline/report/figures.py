"""What the report works out from events: counts by day, figures side by side, and what is denied.

Pure functions over shown records: nothing here decides who is right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from truceline.ledger import Shown
from truceline.records import Entity, Event, Quantity
from truceline.report import phrases

QUAD_CLASSES = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
_STATE = {"GOV", "MIL", "SPY", "COP", "PRM"}
_KINDS_OF_ORGANISATION = {"IGO", "NGO", "MNC"}
_BARS = 62

Step = Literal["day", "week", "month", "year"]
Key = tuple[Hashable, ...]


def happened(event: Event) -> bool:
    """Whether an event counts as reported to have happened: asserted, and denied by none of its holders."""
    return event.status == "asserted" and all(held.polarity == "+" for held in event.attribution)


def days_of(event: Event) -> tuple[str, str] | None:
    """The first and the last day of an event; None when it has neither."""
    start, end = event.date.start or event.date.end, event.date.end or event.date.start
    return (start[:10], end[:10]) if start and end else None


@dataclass(frozen=True, slots=True)
class Bar:
    """Counts in the order of ``QUAD_CLASSES``; ``start`` is an ISO day, None for what is beside the axis."""

    label: str
    start: str | None
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All classes together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Chart:
    """Events that happened: ``bars`` without a gap in time, and ``beside`` what no single bar can have."""

    step: Step
    bars: tuple[Bar, ...]
    beside: tuple[Bar, ...]


def chart(shown: Iterable[Shown[Event]]) -> Chart:
    """Count events by day, or by the step that keeps the axis readable; longer events stand beside it."""
    events = [one.record for one in shown if happened(one.record)]
    spans = [(event, days_of(event)) for event in events]
    dated = {days[0] for _, days in spans if days and days[0] == days[1]}
    step, starts = _axis(dated)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for event, days in spans:
        counts[_slot(days, step)][event.quad_class] += 1
    bars = tuple(_bar(_label(start, step), start, counts[start]) for start in starts)
    beside = tuple(_bar(label, None, counts[label]) for label in ("over several days", "no day") if counts[label])
    return Chart(step, bars, beside)


def _bar(label: str, start: str | None, counts: Counter[str]) -> Bar:
    return Bar(label, start, tuple(counts[quad] for quad in QUAD_CLASSES))


def _slot(days: tuple[str, str] | None, step: Step) -> str:
    if days is None:
        return "no day"
    return _start(date.fromisoformat(days[0]), step).isoformat() if days[0] == days[1] else "over several days"


def _axis(days: Iterable[str]) -> tuple[Step, list[str]]:
    found = sorted(map(date.fromisoformat, days))
    if not found:
        return "day", []
    steps: tuple[Step, ...] = ("day", "week", "month")
    for step in steps:
        starts = _starts(found[0], found[-1], step)
        if len(starts) <= _BARS:
            return step, starts
    return "year", _starts(found[0], found[-1], "year")


def _starts(first: date, last: date, step: Step) -> list[str]:
    starts = [_start(first, step)]
    while (following := _next(starts[-1], step)) <= last:
        starts.append(following)
    return [start.isoformat() for start in starts]


def _start(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _next(start: date, step: Step) -> date:
    length = {"day": 1, "week": 7, "month": 31, "year": 366}[step]
    return _start(start + timedelta(days=length), step)


def _label(start: str, step: Step) -> str:
    if step == "year":
        return start[:4]
    words = phrases.one_day(start)
    return {"day": words, "week": f"week of {words}", "month": words.split(" ", 1)[1]}[step]


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as one holder has it; ``shown`` are the events that carry it."""

    holder: str
    denied: bool
    quantity: Quantity
    shown: tuple[Shown[Event], ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Figures of different holders for one measure; ``shared`` are the (name, value) pairs that all have.

    ``meet`` is False when no number is within the bounds of all of them that are affirmed.
    """

    measure: str
    shared: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    meet: bool


def side_by_side(shown: Iterable[Shown[Event]]) -> list[SideBySide]:
    """Quantities of one kind and item, on the same days, in the same place, of the same type and parties.

    Only asserted events; parts of a whole are compared with parts only. A group has two holders or more.
    """
    groups: dict[Key, list[tuple[Quantity, Shown[Event]]]] = defaultdict(list)
    for one in shown:
        if one.record.status == "asserted" and days_of(one.record):
            for quantity in one.record.quantities:
                groups[_measured(one.record, quantity)].append((quantity, one))
    found = [_compared(members) for group in groups.values() for members in _by_parties(group)]
    return sorted((one for one in found if one), key=lambda one: (one.shared, one.measure))


def _measured(event: Event, quantity: Quantity) -> Key:
    item = quantity.item.casefold()
    what = (quantity.kind, item, quantity.unit, quantity.part_of is not None)
    return (event.event_type, days_of(event), _place_key(event), *what)


def _place_key(event: Event) -> Key:
    place = event.location
    if place is None:
        return ("toward", frozenset(map(party_key, event.recipient)))
    return (place.geonames,) if place.geonames else (place.name.casefold(), place.country)


def party_key(entity: Entity) -> str:
    """What makes two mentions one party: the country for a state's own bodies, else the id or the name."""
    if entity.country and entity.country not in _KINDS_OF_ORGANISATION:
        civil = sorted(set(entity.sectors) - _STATE)
        return "/".join((entity.country, *civil))
    return entity.id or entity.name.casefold()


def _by_parties(
    group: Sequence[tuple[Quantity, Shown[Event]]],
) -> list[list[tuple[Quantity, Shown[Event]]]]:
    """Split by actors; a claim that names none we know goes with the others when these all name the same."""
    split: dict[frozenset[str], list[tuple[Quantity, Shown[Event]]]] = defaultdict(list)
    for quantity, one in group:
        split[_known(one.record.actor)].append((quantity, one))
    return [list(group)] if len(split) - (frozenset() in split) <= 1 else list(split.values())


def _known(entities: Iterable[Entity]) -> frozenset[str]:
    """The keys of the parties that the knowledge base knows: the words for others tell nothing across reports."""
    return frozenset(party_key(e) for e in entities if e.id or e.country)


def _compared(members: Sequence[tuple[Quantity, Shown[Event]]]) -> SideBySide | None:
    claims = _claims(members)
    if len({claim.holder for claim in claims}) < 2:
        return None
    quantity, one = members[0]
    event = one.record
    known = next((shown.record.actor for _, shown in members if _known(shown.record.actor)), ())
    alike = len({frozenset(map(party_key, shown.record.actor)) for _, shown in members}) == 1
    named = known or (event.actor if alike else ())
    shared = [("type", event.event_type), ("days", phrases.when(event.date))]
    shared += [("place", phrases.place(event.location))] if event.location else []
    shared += [("actor", phrases.parties(named))] if named else []
    shared += [("recipient", phrases.parties(event.recipient))] if event.recipient and not event.location else []
    affirmed = [claim.quantity for claim in claims if not claim.denied]
    return SideBySide(phrases.measure(quantity), tuple(shared), claims, meet(affirmed))


def _claims(members: Sequence[tuple[Quantity, Shown[Event]]]) -> tuple[Claim, ...]:
    found: dict[Key, list[tuple[Quantity, Shown[Event]]]] = defaultdict(list)
    for quantity, one in members:
        for holder, denied in holders_of(one):
            figure = (quantity.low, quantity.best, quantity.high, quantity.approximate)
            found[(holder, denied, figure)].append((quantity, one))
    claims = [
        Claim(str(key[0]), bool(key[1]), said[0][0], tuple(one for _, one in said)) for key, said in found.items()
    ]
    return tuple(sorted(claims, key=lambda claim: (-_middle(claim.quantity), claim.holder)))


def holders_of(shown: Shown[Event]) -> list[tuple[str, bool]]:
    """Whose claim an event is, and whether they deny it: its holders, or else the report's own source."""
    named = [(held.holder.name, held.polarity == "-") for held in shown.record.attribution]
    document = shown.stored.coded.document
    return named or [(f"the report itself ({document.source or document.id})", False)]


def meet(quantities: Sequence[Quantity]) -> bool:
    """Whether some number is within the bounds of all; a bound that is not given does not bind."""
    lows = [low for low, _ in map(_interval, quantities) if low is not None]
    highs = [high for _, high in map(_interval, quantities) if high is not None]
    return not lows or not highs or max(lows) <= min(highs)


def _interval(quantity: Quantity) -> tuple[float | None, float | None]:
    if quantity.low is None and quantity.high is None:
        return quantity.best, quantity.best
    return quantity.low, quantity.high


def _middle(quantity: Quantity) -> float:
    known = [value for value in (quantity.best, quantity.low, quantity.high) if value is not None]
    return known[0] if known else 0.0


@dataclass(frozen=True, slots=True)
class Denial:
    """An event that somebody denies, and the events that assert the same type between the same parties."""

    denied: Shown[Event]
    affirmed: tuple[Shown[Event], ...]


def denials(shown: Iterable[Shown[Event]]) -> list[Denial]:
    """Negated or denied events beside what asserts the same: type and days that meet, and the same parties.

    Where the actors are none that the knowledge base knows, the same place stands in for them.
    """
    affirmed: dict[str, list[Shown[Event]]] = defaultdict(list)
    denied: list[Shown[Event]] = []
    for one in shown:
        if not one.record.actor:
            continue
        if happened(one.record):
            affirmed[one.record.event_type].append(one)
        elif one.record.status in ("negated", "asserted"):
            denied.append(one)
    pairs = [Denial(one, tuple(_against(one, affirmed[one.record.event_type]))) for one in denied]
    return [pair for pair in pairs if pair.affirmed]


def _against(denied: Shown[Event], affirmed: Iterable[Shown[Event]]) -> Iterable[Shown[Event]]:
    days = days_of(denied.record)
    for one in affirmed:
        when = days_of(one.record)
        same_days = not days or not when or (when[0] <= days[1] and days[0] <= when[1])
        if same_days and _same_parties(denied.record, one.record):
            yield one


def _same_parties(one: Event, other: Event) -> bool:
    ours, theirs = _known(one.actor), _known(other.actor)
    named = frozenset(map(party_key, one.actor)) == frozenset(map(party_key, other.actor))
    if not named and not (ours or theirs):
        same_place = one.location is not None and other.location is not None
        return same_place and _place_key(one) == _place_key(other)
    left, right = set(map(party_key, one.recipient)), set(map(party_key, other.recipient))
    return named and (not left or not right or bool(left & right))
