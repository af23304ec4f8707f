"""The knowledge base: who is who, on which day, and where. Data in, answers out; nothing is guessed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from ahocorasick_rs import AhoCorasick

from truceline.errors import DataError
from truceline.kb import actors, offices
from truceline.kb.actors import KnownActor
from truceline.kb.gazetteer import Gazetteer, Place, fold, read_places
from truceline.kb.offices import Person, Term
from truceline.records import Entity, Mention, MentionKind

__all__ = ["KnowledgeBase", "KnownActor", "Place", "Term"]

FILES: Final = (
    "countries.csv", "seats.csv", "organisations.csv", "regions.csv", "roles.csv", "people-a.jsonl", "people-b.jsonl",
    "gazetteer.tsv.gz", "stop.txt", "stop-own.txt",
)  # fmt: skip
# Of aliases of one length in one place, the earlier kind is meant.
RANK: Final[dict[MentionKind, int]] = {
    "person": 0, "organisation": 1, "group": 2, "country": 3, "demonym": 4, "capital": 5, "seat": 6, "region": 7,
    "role": 8, "place": 9,
}  # fmt: skip
COUNTRY_GIVING: Final = (
    "country",
    "demonym",
    "organisation",
    "group",
    "capital",
    "seat",
    "region",
    "person",
    "place",
)
# Of these, something unknown may be: "Kestrian positions", "Yugoslav army positions".
GIVES_UNKNOWN: Final = ("country", "demonym", "group", "organisation", "seat")
SURROGATE: Final = re.compile("[\ud800-\udfff]")
FORMER: Final = re.compile(r"\b(former|ex|onetime|deposed|ousted)\b[\s-]*", re.I)
DETERMINER: Final = re.compile(r"^(the|a|an|its|their|his|her|this|that|these|those|some|all|our|my)\s+", re.I)
# Parts of a person's name, with the particles that stand between them.
NAME: Final = re.compile(r"(?:\s*(?:[^\W\d_a-z][\w.'’-]*|\b(?:al|bin|ibn|ben|de|del|der|da|dos|du|la|van|von)\b))*\s*")
LAST_WORD: Final = re.compile(r"(?:^|(?<=\s))([^\W\d_a-z][\w.'’-]*)\s+$")
NEXT_WORD: Final = re.compile(r"\s+([^\W\d_a-z][\w.'’-]*)")
# Capitalised words that stand before a place without making it part of a person's name.
BEFORE_PLACES: Final = frozenset(
    "the a an in at of near from to and both central downtown greater old new upper lower east eastern west western"
    " north northern south southern northeast northwest southeast southwest northeastern northwestern southeastern"
    " southwestern city town village port camp fort mount lake".split()
)
# "Officials" and "chiefs" of these are nobody's government.
NO_STATE: Final = ("NGO", "MNC")
NOT_OF: Final = ("anti-", "pro-", "non-", "ethnic ")
ONLY_HELPED: Final = ("-backed", "-supported", "-sponsored", "-funded", "-trained", "-armed", "-allied", "-brokered")
# Up to this length an alias in capitals is an acronym: "us" and "who" are words, "US" and "WHO" are not.
ACRONYM: Final = 6
# Days of coded test material without a real date; before it no day is taken to say who was in office.
FIRST_DAY: Final = date(1945, 1, 1)


class KnowledgeBase:
    """Everything known by name. Loaded once; asking changes nothing."""

    def __init__(
        self, known: Iterable[KnownActor], people: Iterable[Person], gazetteer: Gazetteer, *, as_of: str | None,
        version: str,
    ) -> None:  # fmt: skip
        self.version = version
        self._as_of = as_of
        self._gazetteer = gazetteer
        self._people = {p.id: p for p in people}
        self._actors = {a.id: a for a in known}
        self._actors.update({p.id: _person_row(p) for p in self._people.values()})
        self._aliases: dict[str, list[tuple[str, KnownActor]]] = {}
        for actor in self._actors.values():
            for alias in dict.fromkeys((actor.name, *actor.aliases)) if actor.kind != "role" else actor.aliases:
                self._aliases.setdefault(fold(alias), []).append((alias, actor))
        names = set(self._aliases) | self._free_standing_places()
        self._patterns = sorted(names)
        self._matcher = AhoCorasick(self._patterns, store_patterns=False)
        self._regions = {fold(n): a for a in self._actors.values() if a.kind == "region" for n in a.aliases}

    @classmethod
    def load(cls, folder: Traversable | None = None) -> KnowledgeBase:
        """The knowledge base that comes with the package, or one in a folder of the same files.

        Raises:
            DataError: a file is missing or a line breaks its schema.
        """
        folder = folder or resources.files("truceline") / "data" / "kb"
        try:
            data = {name: (folder / name).read_bytes() for name in FILES}
        except FileNotFoundError as error:
            raise DataError(f"the knowledge base is incomplete: {error}; install the package again") from None
        text = {name: raw.decode("utf-8") for name, raw in data.items() if not name.endswith(".gz")}
        known = [
            *actors.read_countries("countries.csv", text["countries.csv"]),
            *actors.read_seats("seats.csv", text["seats.csv"]),
            *actors.read_organisations("organisations.csv", text["organisations.csv"]),
            *actors.read_regions("regions.csv", text["regions.csv"]),
            *actors.read_roles("roles.csv", text["roles.csv"]),
        ]
        people, as_of = offices.read_people({name: text[name] for name in ("people-a.jsonl", "people-b.jsonl")})
        twice = offices.overlaps(people)
        if twice:
            raise DataError(f"two holders of one office at once: {twice[0]}", subject=twice[0])
        stop = {*text["stop.txt"].split(), *text["stop-own.txt"].split()}
        gazetteer = Gazetteer(read_places(data["gazetteer.tsv.gz"]), stop, personal=_name_parts(people))
        version = hashlib.sha256(b"".join(data[name] for name in FILES)).hexdigest()[:16]
        return cls(known, people, gazetteer, as_of=as_of, version=version)

    def _free_standing_places(self) -> set[str]:
        return {name for name in self._gazetteer.names if name not in self._aliases}

    def actor(self, id: str) -> KnownActor:
        """The row of an id.

        Raises:
            KeyError: there is none.
        """
        return self._actors[id]

    def has(self, id: str) -> bool:
        """Whether there is a row of this id."""
        return id in self._actors

    def country_of(self, mention: Mention) -> str | None:
        """The country that a mention by itself gives: its own, its people's, its place's; None when it gives none."""
        if mention.kind == "place":
            place = self._gazetteer.find(mention.text)
            return place.country if place else None
        return self._actors[mention.candidates[0]].country

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """All names, roles and places in a text, in order: the longest at each point, none overlapping another."""
        # The matcher takes no lone surrogates; one for one, so that offsets stay.
        folded = fold(SURROGATE.sub("\ufffd", text))
        found = []
        for index, start, end in self._matcher.find_matches_as_indexes(folded, overlapping=True):
            if _at_boundaries(folded, start, end):
                mention = self._mention(text, start, end, self._patterns[index])
                if mention:
                    found.append(mention)
        found.sort(key=lambda m: (m.start, -m.end, RANK[m.kind]))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return tuple(kept)

    def _mention(self, text: str, start: int, end: int, pattern: str) -> Mention | None:
        words = text[start:end]
        rows = [a for alias, a in self._aliases.get(pattern, ()) if _cased_as(words, alias, a.kind)]
        if rows:
            kind = min((a.kind for a in rows), key=lambda k: RANK[k])
            ids = tuple(dict.fromkeys(a.id for a in rows if a.kind == kind))
            return Mention(start, end, words, kind, ids)
        if pattern in self._aliases or not words[0].isupper():
            return None
        place = self._gazetteer.find(pattern)
        return Mention(start, end, words, "place", (f"place:{place.geonames}",)) if place else None

    def place(self, name: str, *, near: Sequence[str] = ()) -> Place | None:
        """The place that a name most likely means, those in the countries ``near`` (alpha-3) before others.

        Countries, regions and provinces answer with their own precision and without coordinates: none is a point.
        A seat of government answers with the city it stands in. None when the name is not known as a place.
        """
        name = name if fold(name) in self._aliases else DETERMINER.sub("", name)
        rows = [a for _, a in self._aliases.get(fold(name), ())]
        country = next((a for a in rows if a.kind == "country"), None)
        if country:
            return Place(country.name, country.country, None, None, None, None, "country")
        region = self._regions.get(fold(name))
        if region:
            province = region.id.startswith("province:")
            precision: Final = "province" if province else "region"
            return Place(region.name, region.country, region.name if province else None, None, None, None, precision)
        found = self._gazetteer.find(name, near=near)
        seat = next((a for a in rows if a.kind in ("capital", "seat")), None)
        if seat and seat.country and not (found and found.country in near):
            return self._city_of(seat, name)
        return found

    def _city_of(self, seat: KnownActor, name: str) -> Place | None:
        """Where a capital or seat stands: itself where it is listed, else the capital of its country."""
        capital = self._actors.get(f"capital:{seat.country}")
        names = (name, seat.name, *(capital.aliases if capital else ()))
        found = (self._gazetteer.find(n, near=[seat.country or ""]) for n in names)
        return next((p for p in found if p and p.country == seat.country), None)

    def terms(self, person_id: str, *, day: date | None = None) -> tuple[Term, ...]:
        """The terms of a person, in order; with a day, those held on it."""
        terms = self._people[person_id].terms
        return terms if day is None else tuple(t for t in terms if t.holds(day))

    def check_role(
        self, person_id: str, role: str, *, country: str | None, former: bool, day: date
    ) -> tuple[bool | None, str]:
        """Whether the record of offices agrees with a role given to a person on a day, and what it holds."""
        office = next((a.office for _, a in self._aliases.get(fold(role), ()) if a.kind == "role"), None)
        if office is None:
            return None, f"{role!r} is no office that is kept"
        person = self._people[person_id]
        return offices.check(person, office, country=country, former=former, day=day, as_of=self._as_of)

    def compose(
        self,
        text: str,
        start: int,
        end: int,
        head: tuple[int, int],
        mentions: Sequence[Mention],
        *,
        day: date | None,
    ) -> Entity:
        """The actor that a noun phrase names.

        Args:
            text: the whole text; ``start`` to ``end`` is the phrase, ``head`` the offsets of its head word.
            mentions: what ``mentions`` found, at least in the phrase.
            day: the day of the report, which decides between namesakes and gives people their office.

        Returns:
            Always an entity: with the words as its name, and no country or id, when nothing in them is known.
        """
        inside = [m for m in mentions if m.start < end and m.end > start and not _of_others(text, m)]
        at_head = next((m for m in inside if m.start < head[1] and m.end > head[0]), None)
        if at_head and _part_of_longer_name(text, (start, end), at_head, inside):
            at_head = None
        name = DETERMINER.sub("", text[start:end])
        phrase = _Phrase(text[start:end], start, end, name, tuple(inside))
        title = _title_before(text, inside, at_head.start if at_head else head[0])
        if at_head is None or at_head.kind == "place":
            if title:
                return self._of_role(phrase, title, day, named=True)
            if at_head is None:
                return self._unknown(phrase, head, day)
        if at_head.kind == "person":
            return self._of_person(phrase, at_head, title, day)
        if at_head.kind == "role":
            person = next((m for m in inside if m.kind == "person" and m.start >= at_head.end), None)
            if person and not text[at_head.end : person.start].strip():
                return self._of_person(phrase, person, at_head, day)
            return self._of_role(phrase, at_head, day)
        return self._of_known(phrase, at_head)

    def _entity(
        self,
        phrase: _Phrase,
        name: str,
        country: str | None,
        sectors: Sequence[str],
        *,
        id: str | None = None,
    ) -> Entity:
        return Entity(phrase.text, phrase.start, phrase.end, name, id, country, tuple(dict.fromkeys(sectors)))

    def _of_known(self, phrase: _Phrase, mention: Mention) -> Entity:
        if mention.kind == "place":
            place = self._gazetteer.find(mention.text)
            country = place.country if place else None
            return self._entity(phrase, mention.text, country, (), id=mention.candidates[0])
        actor = self._actors[mention.candidates[0]]
        name = phrase.name if actor.kind == "demonym" else actor.name
        return self._entity(
            phrase, name, actor.country, actor.sectors, id=actor.id if actor.kind != "demonym" else None
        )

    def _of_person(self, phrase: _Phrase, mention: Mention, title: Mention | None, day: date | None) -> Entity:
        known = [self._people[c] for c in mention.candidates]
        modifiers = [m for m in phrase.inside if m.end <= mention.start]
        said = self._country(reversed(modifiers), day)
        role = self._actors[title.candidates[0]] if title else None
        real = _real(day)
        person = _namesake(known, real, said, role.office if role else None)
        term = person.on(real)
        surname_only = " " not in mention.text
        if said and surname_only and said not in {person.country, *(t.country for t in person.terms)}:
            # A namesake who is not in the knowledge base: the words that go with the name decide.
            return self._entity(phrase, mention.text, said, role.sectors if role else ())
        past = term is not None and term.latest is not None and real is not None and term.latest < real
        former = bool(FORMER.search(phrase.text)) or past
        not_yet = term is not None and real is not None and real < term.earliest
        sectors = ("ELI",) if former else (term.sector,) if term and not not_yet else role.sectors if role else ()
        country = term.country if term else person.country
        return self._entity(phrase, person.name, country, sectors, id=person.id)

    def _of_role(self, phrase: _Phrase, mention: Mention, day: date | None, *, named: bool = False) -> Entity:
        role = self._actors[mention.candidates[0]]
        words = NAME.match(phrase.text, mention.end - phrase.start) if named else None
        name = words.group().strip(" ,-") if words else ""
        before = [m for m in phrase.inside if m.end <= mention.start]
        after = [m for m in phrase.inside if m.start >= (phrase.start + words.end() if words else mention.end)]
        givers = [*reversed(before), *after]
        country = self._country(givers, day)
        sectors = list(role.sectors)
        others = [self._actors[m.candidates[0]] for m in before if m.kind in ("role", "organisation", "group", "seat")]
        stronger = [a for a in others if a.sectors and not a.weak]
        if (role.weak or not sectors) and stronger:
            sectors = list(stronger[-1].sectors)
        elif role.weak and country in NO_STATE:
            sectors = []
        if FORMER.search(phrase.text):
            sectors = ["ELI"]
        return self._entity(phrase, name or phrase.name, country, sectors)

    def _country(self, mentions: Iterable[Mention], day: date | None) -> str | None:
        """The first country that these mentions give, in their order."""
        places: list[str] = []
        for mention in mentions:
            if mention.kind not in COUNTRY_GIVING:
                continue
            if mention.kind == "place":
                place = self._gazetteer.find(mention.text)
                places += [place.country] if place and place.country else []
            elif mention.kind == "person":
                return _namesake([self._people[c] for c in mention.candidates], _real(day)).country
            elif country := self._actors[mention.candidates[0]].country:
                return country
        return places[0] if places else None

    def _unknown(self, phrase: _Phrase, head: tuple[int, int], day: date | None) -> Entity:
        """A head that is not known: a country right before it still says whose it is ("Kestrian positions")."""
        before = [m for m in phrase.inside if m.end <= head[0] and m.kind in GIVES_UNKNOWN]
        return self._entity(phrase, phrase.name, self._country(reversed(before), day), ())


class _Phrase:
    """A noun phrase with what is known in it."""

    __slots__ = ("end", "inside", "name", "start", "text")

    def __init__(self, text: str, start: int, end: int, name: str, inside: tuple[Mention, ...]) -> None:
        self.text, self.start, self.end, self.name, self.inside = text, start, end, name, inside


def _person_row(person: Person) -> KnownActor:
    return KnownActor(person.id, person.name, "person", person.country, (), person.aliases)


def _name_parts(people: Iterable[Person]) -> set[str]:
    """First names and surnames: places of the same name are not believed in running text."""
    return {fold(part) for p in people for part in p.name.split() if len(part) > 3}


def _real(day: date | None) -> date | None:
    return day if day and day >= FIRST_DAY else None


def _namesake(
    people: Sequence[Person], day: date | None, country: str | None = None, office: str | None = None
) -> Person:
    """Of people with one name: those of the country said, of the office said, in office on the day; then the first."""
    if country:
        people = [p for p in people if p.country == country] or people
    if office:
        people = [p for p in people if any(t.office == office for t in p.terms)] or people
    if day and office:
        people = [p for p in people if any(t.office == office and t.holds(day) for t in p.terms)] or people
    if day:
        people = [p for p in people if any(t.holds(day) for t in p.terms)] or people
    return people[0]


def _title_before(text: str, inside: Sequence[Mention], at: int) -> Mention | None:
    """The role before a name, with nothing but parts of the name between: "President" in "President Ana Ruiz"."""
    roles = (m for m in reversed(inside) if m.kind == "role" and m.end <= at)
    return next((m for m in roles if NAME.fullmatch(text, m.end, at)), None)


def _of_others(text: str, mention: Mention) -> bool:
    """Whether the words around a name say that it is not whose the thing is: "anti-Syria", "ethnic Turks"."""
    before, after = (
        text[max(0, mention.start - 7) : mention.start].lower(),
        text[mention.end : mention.end + 11].lower(),
    )
    return mention.kind != "role" and (before.endswith(NOT_OF) or after.startswith(ONLY_HELPED))


def _part_of_longer_name(text: str, phrase: tuple[int, int], place: Mention, inside: Sequence[Mention]) -> bool:
    """Whether a place is only part of a name: "Rivera" in "Alejandro Rivera", "Jordan" in "Judge Jordan Roe".

    A name that also is a country's is believed to be one unless a title stands before it.
    """
    others = [m for m in inside if m is not place and m.kind != "place"]
    before, after = LAST_WORD.search(text, phrase[0], place.start), NEXT_WORD.match(text, place.end, phrase[1])
    if place.kind == "place" and before and before.group(1).lower() not in BEFORE_PLACES:
        return not any(m.start < before.end(1) and m.end > before.start(1) for m in others)
    if place.kind in ("place", "country", "capital", "region") and after:
        known = any(m.start < after.end(1) and m.end > after.start(1) for m in others)
        return not known and _title_before(text, inside, place.start) is not None
    return False


def _at_boundaries(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    inside_word = before.isalnum() or after.isalnum() or (before in "'’" and start > 1 and text[start - 2].isalnum())
    return not inside_word


def _cased_as(words: str, alias: str, kind: MentionKind) -> bool:
    """Names are capitalised as they are written; roles stand in any case."""
    if kind == "role":
        return True
    if alias.isupper() and len(alias) <= ACRONYM:
        return words == alias
    if not alias[0].isupper():
        return words[0] == alias[0] or words[0].isupper()
    return words[0].isupper()
