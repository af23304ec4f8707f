"""Offices by date: who held what, when, and what that says of a role that a report gives somebody."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from truceline.errors import DataError
from truceline.kb.actors import SECTORS

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
TERM_NEEDS: Final = frozenset({"office", "title", "country", "sector", "start", "end"})
TERM_FIELDS: Final = TERM_NEEDS | {"certainty", "source"}


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


def read_people(files: Mapping[str, str]) -> tuple[list[Person], str | None]:
    """The people of files of JSON lines (text by name), and the month up to which all claim to know ("as_of").

    Raises:
        DataError: a line breaks the schema or repeats an id; it names the file, the line, what was found and what is
            allowed.
    """
    people: dict[str, Person] = {}
    taken: dict[str, str] = {}
    known_until: list[str] = []
    for where, row in ((w, r) for name, text in files.items() for w, r in _objects(name, text)):
        if "about" in row:
            known_until += [row["as_of"]] if row.get("as_of") else []
            continue
        person = _person(row, where)
        if person.id in people:
            raise DataError(f"{where}: id {person.id!r} is taken by {taken[person.id]}; ids differ", subject=person.id)
        people[person.id], taken[person.id] = person, where
    return list(people.values()), min(known_until, default=None)


def _objects(name: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{where}: not JSON ({error})", subject=where) from None
        if not isinstance(row, dict):
            raise DataError(f"{where}: a {type(row).__name__}; it must be an object", subject=where)
        yield where, row


def _person(row: Mapping[str, Any], where: str) -> Person:
    if set(row) != FIELDS:
        raise DataError(f"{where}: fields {sorted(row)}; they must be {sorted(FIELDS)}", subject=where)
    if not str(row["id"]).startswith("person:"):
        raise DataError(f"{where}: id {row['id']!r} must begin with person:", subject=where)
    if not (_all_are(str, row["aliases"]) and _all_are(dict, row["terms"])):
        raise DataError(f"{where}: aliases must be a list of texts and terms a list of objects", subject=where)
    terms = sorted((_term(t, where) for t in row["terms"]), key=lambda t: (t.earliest, t.start))
    return Person(row["id"], row["name"], tuple(row["aliases"]), row["country"], tuple(terms))


def _all_are(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, kind) for v in value)


def _term(row: Mapping[str, Any], where: str) -> Term:
    if not TERM_NEEDS <= set(row) <= TERM_FIELDS:
        raise DataError(
            f"{where}: fields of a term {sorted(row)}; needed {sorted(TERM_NEEDS)}, allowed {sorted(TERM_FIELDS)}",
            subject=where,
        )
    if row["sector"] not in SECTORS:
        raise DataError(f"{where}: sector {row['sector']!r}; allowed are {', '.join(sorted(SECTORS))}", subject=where)
    try:
        earliest, first = bounds(str(row["start"]))
        last, latest = bounds(str(row["end"])) if row["end"] is not None else (None, None)
    except (ValueError, TypeError) as error:
        raise DataError(f"{where}: a term's dates must be ISO days, months or years ({error})", subject=where) from None
    if latest and latest < earliest:
        raise DataError(f"{where}: a term ends ({row['end']}) before it starts ({row['start']})", subject=where)
    # A coarse date next to a day: the day itself is surely covered.
    if last and latest and last < first:
        first = last if last == latest else first
        last = first if earliest == first else last
    return Term(
        row["office"], row["title"], row["country"], row["sector"], row["start"], row["end"], first, last, earliest,
        latest,
    )  # fmt: skip


def overlaps(people: Iterable[Person]) -> list[str]:
    """Where two people surely held a single-holder office of one country at once, for more than a day of handover."""
    held: dict[tuple[str, str, str], list[tuple[Term, Person]]] = {}
    for person in people:
        for term in filter(_single_and_exact, person.terms):
            held.setdefault((term.country, term.office, term.title), []).append((term, person))
    found = []
    for (country, office, _), terms in held.items():
        terms.sort(key=lambda t: t[0].first)
        for (one, who), (other, whom) in combinations(terms, 2):
            still = one.last is None or one.last > other.first + timedelta(days=1)
            if still and who.id != whom.id:
                found.append(f"{country} {office}: {who.name} until {one.end}, {whom.name} from {other.start}")
    return found


def _single_and_exact(term: Term) -> bool:
    exact = len(term.start) == 10 and (term.end is None or len(term.end) == 10)
    return exact and term.office in SINGLE and not term.title.startswith(COLLECTIVE)


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
    if None in holding or (beyond and not former):
        return None, f"{record}; the record ends in {as_of}" if beyond else record
    past = any(t.latest is not None and t.latest < day for t in terms)
    return (past, record) if former else (False, record)


def _on_record(person: Person, terms: Sequence[Term], day: date) -> str:
    """The claimed office's nearest term, and what else was held that day."""
    nearest = next((t for t in terms if t.holds(day)), None) or terms[-1]
    shown = [nearest, *(t for t in person.terms if t.holds(day) and t is not nearest)]
    return "; ".join(f"{t.title} {_period(t)}" for t in shown)


def _period(term: Term) -> str:
    return f"since {term.start}" if term.end is None else f"from {term.start} until {term.end}"
