"""Offices by date: what a term covers, what the record says of a role, and what the loader refuses."""

from __future__ import annotations

import json
import shutil
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from truceline.errors import DataError
from truceline.kb import KnowledgeBase
from truceline.kb.offices import Person, Term, overlaps, read_people

DATA = resources.files("truceline") / "data" / "kb"
FILES = ("people-a.jsonl", "people-b.jsonl")


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.fixture(scope="module")
def shipped() -> list[Person]:
    return read_people({name: (DATA / name).read_text("utf-8") for name in FILES})[0]


def held(start: str, end: str | None, **other: str) -> dict[str, Any]:
    term = {"office": "president", "title": "President of Kestria", "country": "KES", "sector": "GOV"}
    return {**term, "start": start, "end": end, **other}


def line(id: str, *terms: dict[str, Any]) -> str:
    name = id.replace("-", " ").title()
    return json.dumps({"id": f"person:{id}", "name": name, "aliases": [], "country": "KES", "terms": list(terms)})


def read(*lines: str) -> list[Person]:
    return read_people({"some.jsonl": "\n".join(lines)})[0]


def term(start: str, end: str | None) -> Term:
    return read(line("ana-ruiz", held(start, end)))[0].terms[0]


@pytest.mark.parametrize(
    ("start", "end", "day", "holds"),
    [
        ("2001-03-05", "2003-04-06", "2001-03-05", True),
        ("2001-03-05", "2003-04-06", "2003-04-06", True),
        ("2001-03-05", "2003-04-06", "2001-03-04", False),
        ("2001-03-05", "2003-04-06", "2003-04-07", False),
        ("2001-03-05", None, "2024-01-01", True),
        ("2001-03", "2003-04", "2001-03-31", True),
        ("2001-03", "2003-04", "2001-03-30", None),
        ("2001-03", "2003-04", "2001-02-28", False),
        ("2001-03", "2003-04", "2003-04-01", True),
        ("2001-03", "2003-04", "2003-04-02", None),
        ("2001-03", "2003-04", "2003-05-01", False),
        ("2001", "2003", "2002-06-01", True),
        ("2001", "2003", "2001-06-01", None),
        ("2001", "2003", "2003-12-31", None),
        ("2001", "2003", "2004-01-01", False),
        ("2001", "2001", "2001-01-01", None),
        ("2001", "2001", "2001-12-31", None),
        ("2001-05", "2001", "2001-01-01", False),
        ("2001-05", "2001", "2001-06-15", None),
        ("2001", "2001-05-10", "2001-05-10", True),
        ("2001", "2001-05-10", "2001-05-09", None),
        ("2001-05-10", "2001", "2001-05-10", True),
        ("2001-05-10", "2001", "2001-05-11", None),
        ("2001-02", None, "2001-02-27", None),
        ("2001-02", None, "2001-02-28", True),
    ],
)
def test_a_term_covers_a_day(start: str, end: str | None, day: str, holds: bool | None) -> None:
    assert term(start, end).holds(date.fromisoformat(day)) is holds


@pytest.mark.parametrize(
    ("person", "role", "country", "former", "day", "agrees"),
    [
        ("donald-trump", "President", "USA", True, "2025-03-03", False),
        ("donald-trump", "President", "USA", False, "2025-03-03", True),
        ("donald-trump", "president", None, True, "2022-03-03", True),
        ("donald-trump", "President", "USA", False, "2022-03-03", False),
        ("donald-trump", "President", "USA", False, "2015-03-03", False),
        ("donald-trump", "President", "USA", True, "2015-03-03", False),
        ("donald-trump", "President", "FRA", False, "2025-03-03", None),
        ("jd-vance", "Senator", "USA", False, "2025-03-03", False),
        ("jd-vance", "Senator", "USA", False, "2024-06-01", True),
        ("jd-vance", "Vice President", "USA", False, "2025-03-03", True),
        ("volodymyr-zelensky", "President", "UKR", False, "2025-03-03", True),
        ("emmanuel-macron", "President", "FRA", False, "2025-03-03", True),
        ("emmanuel-macron", "lighthouse keeper", "FRA", False, "2025-03-03", None),
        ("emmanuel-macron", "king", "FRA", False, "2025-03-03", None),
        ("emmanuel-macron", "President", "FRA", False, "2025-10-01", None),
        ("emmanuel-macron", "President", "FRA", True, "2025-10-01", None),
        ("joe-biden", "President", "USA", False, "2025-03-03", False),
        ("joe-biden", "President", "USA", True, "2025-03-03", True),
        ("joe-biden", "President", "USA", False, "2026-03-03", None),
        ("joe-biden", "President", "USA", True, "2026-03-03", True),
        ("angela-merkel", "Chancellor", "DEU", False, "2010-01-01", True),
    ],
)
def test_a_role_is_checked(
    kb: KnowledgeBase, person: str, role: str, country: str | None, former: bool, day: str, agrees: bool | None
) -> None:
    found, record = kb.check_role(f"person:{person}", role, country=country, former=former, day=date.fromisoformat(day))
    assert found is agrees
    assert record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with resources.as_file(DATA) as path:
        return Path(shutil.copytree(path, tmp_path / "kb"))


def add(folder: Path, *lines: str) -> int:
    """Add lines to the second file of people; the number of the last one."""
    path = folder / FILES[1]
    text = path.read_text("utf-8").rstrip("\n").split("\n")
    path.write_text("\n".join([*text, *lines]) + "\n", "utf-8")
    return len(text) + len(lines)


def test_a_month_that_is_a_boundary_cannot_tell(folder: Path) -> None:
    add(folder, line("ana-ruiz", held("2001-03", "2003-04")))
    kb = KnowledgeBase.load(folder)

    def check(day: date, *, former: bool) -> bool | None:
        return kb.check_role("person:ana-ruiz", "President", country="KES", former=former, day=day)[0]

    assert check(date(2003, 4, 15), former=False) is None
    assert check(date(2003, 4, 15), former=True) is None
    assert check(date(2003, 5, 1), former=True) is True
    assert check(date(2003, 3, 31), former=False) is True


def test_the_terms_of_a_day(kb: KnowledgeBase) -> None:
    (only,) = kb.terms("person:jd-vance", day=date(2024, 6, 1))
    assert (only.office, only.country, only.end) == ("senator", "USA", "2025-01-10")
    assert len(kb.terms("person:donald-trump")) >= 2
    assert kb.terms("person:donald-trump", day=date(2010, 1, 1)) == ()


ANA = line("ana-ruiz", held("2001-03-05", "2005-04-06"))


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (held("2004-01-01", "2006-01-01"), True),
        (held("2004-01-01", None), True),
        (held("2002-01-01", "2002-06-01"), True),
        (held("2005-04-06", "2006-01-01"), False),
        (held("2005-04-05", "2006-01-01"), False),
        (held("2005-04-04", "2006-01-01"), True),
        (held("2004", "2006"), False),
        (held("2004-01-01", "2006-01-01", country="NOR"), False),
        (held("2004-01-01", "2006-01-01", office="senator"), False),
        (held("2004-01-01", "2006-01-01", title="Acting President of Kestria"), False),
    ],
)
def test_two_holders_at_once(other: dict[str, Any], clash: bool) -> None:
    assert bool(overlaps(read(ANA, line("bo-lind", other)))) is clash


def test_two_holders_at_once_with_another_between() -> None:
    between = line("bo-lind", held("2005-04-06", "2005-06-01"))
    long = line("ana-ruiz", held("2001-03-05", "2005-04-06"), held("2001-04-01", "2001-05-01"))
    assert len(overlaps(read(long, between, line("cy-voss", held("2003-01-01", "2003-02-01"))))) == 1


def test_one_person_may_follow_herself() -> None:
    assert overlaps(read(line("ana-ruiz", held("2001-03-05", "2005-04-06"), held("2004-01-01", None)))) == []


def test_nobody_shipped_shares_an_office(shipped: list[Person]) -> None:
    assert overlaps(shipped) == []
    assert len(shipped) > 1500


def test_two_presidents_do_not_load(folder: Path) -> None:
    add(folder, ANA, line("bo-lind", held("2004-01-01", None)))
    with pytest.raises(DataError, match="Ana Ruiz until 2005-04-06, Bo Lind from 2004-01-01"):
        KnowledgeBase.load(folder)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "a list; it must be an object"),
        ('{"id": "person:x"}', "fields ['id']; they must be"),
        (line("x").replace("person:x", "x"), "id 'x' must begin with person:"),
        (line("x").replace('"aliases": []', '"aliases": "X"'), "aliases must be a list of texts"),
        (line("x", held("2005-01-01", "2004-01-01")), "ends (2004-01-01) before it starts (2005-01-01)"),
        (line("x", held("2005-13-01", None)), "must be ISO days, months or years"),
        (line("x", held("soon", None)), "must be ISO days, months or years"),
        (line("x", held("2005", "")), "must be ISO days, months or years"),
        (line("x", held("2005", None, sector="KING")), "sector 'KING'; allowed are"),
        (line("x", held("2005", None, rank="1")), "fields of a term"),
        (line("x", {"office": "president"}), "fields of a term"),
        (line("donald-trump"), "id 'person:donald-trump' is taken by people-a.jsonl, line"),
    ],
)
def test_a_bad_line_is_named(folder: Path, bad: str, said: str) -> None:
    number = add(folder, bad)
    with pytest.raises(DataError) as caught:
        KnowledgeBase.load(folder)
    assert f"{FILES[1]}, line {number}" in str(caught.value)
    assert said in str(caught.value)


def test_every_person_has_a_country_and_a_name(shipped: list[Person]) -> None:
    assert [p.id for p in shipped if not (p.name.strip() and len(p.country) == 3 and p.country.isupper())] == []
