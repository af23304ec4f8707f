"""Actors and roles: countries, their seats, organisations, groups, regions, and the nouns for what people are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from truceline.errors import DataError
from truceline.records import MentionKind

SECTORS: Final = frozenset(
    "GOV MIL COP JUD LEG SPY PTY OPP REB PRM UAF CRM CVL REF JRN MED EDU BUS LAB AGR REL SOC ELI PRE UNK".split()
)
CODE: Final = re.compile(r"[A-Z]{3}")
# Demonyms that are the same in the plural, or make it without s, are written out; "+" adds an s.
PLURAL: Final = "+"


@dataclass(frozen=True, slots=True)
class KnownActor:
    """A row of the knowledge base. ``country`` is a code or None; ``office`` the slug of a role's office, or None.

    ``weak`` roles ("official", "group") say little by themselves: the rest of the phrase decides first.
    """

    id: str
    name: str
    kind: MentionKind
    country: str | None
    sectors: tuple[str, ...]
    aliases: tuple[str, ...]
    office: str | None = None
    weak: bool = False


def slug(name: str) -> str:
    """A name as the tail of an id."""
    kept = "".join(c if c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in kept.split("-") if part)


def _rows(name: str, text: str, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a CSV with exactly these columns, each with where it stands."""
    reader = csv.reader(text.splitlines())
    header = tuple(next(reader, ()))
    if header != columns:
        raise DataError(f"{name}: columns {header}; they must be {columns}", subject=name)
    for number, cells in enumerate(reader, start=2):
        where = f"{name}, line {number}"
        if len(cells) != len(columns):
            raise DataError(f"{where}: {len(cells)} cells; there must be {len(columns)}", subject=where)
        yield where, dict(zip(columns, (c.strip() for c in cells), strict=True))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _with_plurals(cell: str) -> tuple[str, ...]:
    forms: list[str] = []
    for form in _listed(cell):
        if form.endswith(PLURAL):
            forms += [form[:-1], plural(form[:-1])]
        else:
            forms.append(form)
    return tuple(dict.fromkeys(forms))


def plural(noun: str) -> str:
    """The regular English plural of the last word."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def _sectors(cell: str, where: str) -> tuple[str, ...]:
    found = _listed(cell)
    unknown = [s for s in found if s not in SECTORS]
    if unknown:
        raise DataError(f"{where}: sector {unknown[0]!r}; allowed are {', '.join(sorted(SECTORS))}", subject=where)
    return found


def _code(cell: str, where: str) -> str:
    if not CODE.fullmatch(cell):
        raise DataError(f"{where}: country {cell!r}; it must be a code of three capital letters", subject=where)
    return cell


def _id(value: str, where: str, seen: set[str]) -> str:
    """The id, if no earlier row of the file has it: a second row would silently take the first one's place."""
    if value in seen:
        raise DataError(f"{where}: id {value!r} is taken by an earlier line; ids must differ", subject=value)
    seen.add(value)
    return value


def read_countries(name: str, text: str) -> Iterator[KnownActor]:
    """Each country as itself, its demonyms and its capital: three rows with ids of the same tail."""
    seen: set[str] = set()
    for where, row in _rows(name, text, ("code", "name", "variants", "demonyms", "capitals")):
        code = _code(row["code"], where)
        names = (row["name"], *_listed(row["variants"]))
        yield KnownActor(_id(f"country:{code}", where, seen), row["name"], "country", code, (), names)
        demonyms = _with_plurals(row["demonyms"])
        if demonyms:
            yield KnownActor(f"demonym:{code}", row["name"], "demonym", code, (), demonyms)
        capitals = _listed(row["capitals"])
        if capitals:
            yield KnownActor(f"capital:{code}", capitals[0], "capital", code, ("GOV",), capitals)


def read_seats(name: str, text: str) -> Iterator[KnownActor]:
    """Seats of government: "the Kremlin"."""
    seen: set[str] = set()
    for where, row in _rows(name, text, ("name", "country", "sectors", "aliases")):
        id = _id(f"seat:{slug(row['name'])}", where, seen)
        country = _code(row["country"], where)
        aliases = (row["name"], *_listed(row["aliases"]))
        sectors = _sectors(row["sectors"], where)
        yield KnownActor(id, row["name"], "seat", country, sectors, aliases)


def read_organisations(name: str, text: str) -> Iterator[KnownActor]:
    """Organisations and armed groups."""
    kinds: dict[str, MentionKind] = {"organisation": "organisation", "group": "group"}
    seen: set[str] = set()
    for where, row in _rows(name, text, ("name", "kind", "country", "sectors", "aliases")):
        if row["kind"] not in kinds:
            raise DataError(f"{where}: kind {row['kind']!r}; allowed are organisation and group", subject=where)
        aliases = (row["name"], *_listed(row["aliases"]))
        sectors = _sectors(row["sectors"], where)
        kind = kinds[row["kind"]]
        id = _id(f"{kind}:{slug(row['name'])}", where, seen)
        country = _code(row["country"], where) if row["country"] else None
        yield KnownActor(id, row["name"], kind, country, sectors, aliases)


def read_regions(name: str, text: str) -> Iterator[KnownActor]:
    """Regions and provinces; ``office`` is unused, the precision stands in the id."""
    seen: set[str] = set()
    for where, row in _rows(name, text, ("name", "country", "precision", "aliases")):
        if row["precision"] not in ("region", "province"):
            raise DataError(f"{where}: precision {row['precision']!r}; allowed are region and province", subject=where)
        aliases = (row["name"], *_listed(row["aliases"]))
        country = _code(row["country"], where) if row["country"] else None
        id = _id(f"{row['precision']}:{row['country'].lower()}-{slug(row['name'])}", where, seen)
        yield KnownActor(id, row["name"], "region", country, (), aliases)


def read_roles(name: str, text: str) -> Iterator[KnownActor]:
    """Role nouns; the first form names the role."""
    seen: set[str] = set()
    for where, row in _rows(name, text, ("forms", "sectors", "office", "strength")):
        forms = _with_plurals(row["forms"])
        if not forms:
            raise DataError(f"{where}: no forms; there must be at least one", subject=where)
        if row["strength"] not in ("", "weak"):
            raise DataError(f"{where}: strength {row['strength']!r}; allowed are weak and nothing", subject=where)
        yield KnownActor(
            _id(f"role:{slug(forms[0])}", where, seen), forms[0], "role", None, _sectors(row["sectors"], where),
            forms, row["office"] or None, row["strength"] == "weak",
        )  # fmt: skip
