"""Offices by date: who held what, when, and what that says of a role that a report gives somebody."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from truceline.errors import DataError

# Offices that one person holds at a time in a country.
SINGLE: Final = frozenset(
    {"president", "prime-minister", "chancellor", "monarch", "foreign-minister", "defence-minister", "vice-president",
     "secretary-of-state", "secretary-of-defense", "supreme-leader", "national-security-adviser"}
)  # fmt: skip
# Titles of offices that several hold together, such as a state presidency.
COLLECTIVE: Final = ("Member of", "Chairman of", "Co-")
# One role goes by several names of office.
SAME: Final[dict[str, frozenset[str]]] = {
    "foreign-minister": frozenset({"foreign-minister", "secretary-of-state"}),
    "secretary-of-state": frozenset({"foreign-minister", "secretary-of-state"}),
    "defence-minister": frozenset({"defence-minister", "secretary-of-defense"}),
    "prime-minister": frozenset({"prime-minister", "chancellor"}),
    "chancellor": frozenset({"prime-minister", "chancellor"}),
    "leader": frozenset({"president", "prime-minister", "chancellor", "supreme-leader", "monarch"}),
}
FIELDS: Final = frozenset({"id", "name", "aliases", "country", "terms"})
TERM_FIELDS: Final = frozenset({"office", "title", "country", "sector", "start", "end", "certainty", "source"})


@dataclass(frozen=True, slots=True)
class Term:
    """A term in office. ``first`` to ``last`` are the days it surely covers, ``earliest`` to ``latest`` those it may.

    They differ where only a month or year is known. ``last`` and ``latest`` are None while it goes on; ``start``
    and ``end`` are as the source has them.
    """

    office: str
    title: str
    country: str
    sector: str
    start: str
    end: str | None
    first: date
    last: date | None
    earliest: date
    latest: date | None

    def holds(self, day: date) -> bool | None:
        """Whether it covers the day; None when the known dates are too coarse to tell."""
        if self.first <= day and (self.last is None or day <= self.last):
            return True
        if day < self.earliest or (self.latest is not None and day > self.latest):
            return False
        return None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who held office."""

    id: str
    name: str
    aliases: tuple[str, ...]
    country: str
    terms: tuple[Term, ...]

    def on(self, day: date | None) -> Term | None:
        """The term that says what the person was on a day: the one held, else the last before, else the first."""
        if not self.terms:
            return None
        if day is None:
            return self.terms[-1]
        held = [t for t in self.terms if t.holds(day)]
        before = [t for t in self.terms if t.earliest <= day]
        return held[-1] if held else before[-1] if before else self.terms[0]


def bounds(value: str) -> tuple[date, date]:
    """The first and last day of an ISO day, month or year."""
    parts = [int(p) for p in value.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    return (date(*parts), date(*parts))


def read_people(name: str, text: str) -> tuple[list[Person], str | None]:
    """The people of a file of JSON lines, and the month up to which it claims to know ("as_of").

    Raises:
        DataError: a line breaks the schema; it names the file, the line, what was found and what is allowed.
    """
    people: list[Person] = []
    as_of: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{where}: not JSON ({error})", subject=where) from None
        if "about" in row:
            as_of = row.get("as_of")
        else:
            people.append(_person(row, where))
    return people, as_of


def _person(row: Mapping[str, Any], where: str) -> Person:
    if set(row) != FIELDS:
        raise DataError(f"{where}: fields {sorted(row)}; they must be {sorted(FIELDS)}", subject=where)
    if not str(row["id"]).startswith("person:"):
        raise DataError(f"{where}: id {row['id']!r} must begin with person:", subject=where)
    terms = sorted((_term(t, where) for t in row["terms"]), key=lambda t: (t.earliest, t.start))
    return Person(row["id"], row["name"], tuple(row["aliases"]), row["country"], tuple(terms))


def _term(row: Mapping[str, Any], where: str) -> Term:
    unknown = set(row) - TERM_FIELDS
    if unknown:
        raise DataError(f"{where}: unknown field of a term {sorted(unknown)}; allowed {sorted(TERM_FIELDS)}")
    try:
        earliest, first = bounds(row["start"])
        last, latest = bounds(row["end"]) if row["end"] else (None, None)
    except (ValueError, KeyError) as error:
        raise DataError(f"{where}: a term's dates must be ISO days, months or years ({error})", subject=where) from None
    if latest and latest < earliest:
        raise DataError(f"{where}: a term ends ({row['end']}) before it starts ({row['start']})", subject=where)
    if len(row["start"]) < 10 and last is not None and first > last:
        first = last
    return Term(
        row["office"], row["title"], row["country"], row["sector"], row["start"], row["end"], first, last, earliest,
        latest,
    )  # fmt: skip


def overlaps(people: Iterable[Person]) -> list[str]:
    """Where two people surely held a single-holder office of one country at once, for more than a day of handover."""
    held: dict[tuple[str, str], list[tuple[Term, Person]]] = {}
    for person in people:
        for term in person.terms:
            collective = term.title.startswith(COLLECTIVE)
            if (
                term.office in SINGLE
                and not collective
                and len(term.start) == 10
                and (term.end is None or len(term.end) == 10)
            ):
                held.setdefault((term.country, term.office), []).append((term, person))
    found = []
    for (country, office), terms in held.items():
        terms.sort(key=lambda t: t[0].first)
        for (one, who), (other, whom) in pairwise(terms):
            still = one.last is None or one.last > other.first + timedelta(days=1)
            if still and who.id != whom.id and one.title == other.title:
                found.append(f"{country} {office}: {who.name} until {one.end}, {whom.name} from {other.start}")
    return found


def check(
    person: Person, office: str, *, country: str | None, former: bool, day: date, as_of: str | None
) -> tuple[bool | None, str]:
    """Whether a claim of an office agrees with the record on a day, and what the record holds.

    None when it cannot tell: no such term of this person is kept, the known dates are too coarse, or the day is
    later than the record goes.
    """
    wanted = SAME.get(office, frozenset({office}))
    terms = [t for t in person.terms if t.office in wanted and country in (None, t.country)]
    if not terms:
        return None, f"no such office of {person.name} is kept"
    record = _on_record(person, terms, day)
    beyond = as_of is not None and day > bounds(as_of)[1]
    holding = [t.holds(day) for t in terms]
    if any(holding):
        going_on = any(h and t.end is None for h, t in zip(holding, terms, strict=True))
        return (None, f"{record}; the record ends in {as_of}") if beyond and going_on else (not former, record)
    if None in holding:
        return None, record
    past = any(t.latest is not None and t.latest < day for t in terms)
    return (past, record) if former else (False, record)


def _on_record(person: Person, terms: Sequence[Term], day: date) -> str:
    """The claimed office's nearest term, and what else was held that day."""
    nearest = next((t for t in terms if t.holds(day)), None) or terms[-1]
    shown = [nearest, *(t for t in person.terms if t.holds(day) and t is not nearest)]
    return "; ".join(f"{t.title} {_period(t)}" for t in shown)


def _period(term: Term) -> str:
    return f"since {term.start}" if term.end is None else f"from {term.start} until {term.end}"
