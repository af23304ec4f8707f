"""Offices given to people, checked against the record of offices on the report's day."""

from __future__ import annotations

from datetime import date

import pytest

import steps
from truceline.extract.roles import role_claims

IN_OFFICE, AFTER = date(2016, 3, 25), date(2018, 3, 25)


@pytest.mark.parametrize(
    ("text", "day", "role", "agrees"),
    [
        ("President Barack Obama spoke.", IN_OFFICE, "President", True),
        ("President Barack Obama spoke.", AFTER, "President", False),
        ("Former President Barack Obama spoke.", AFTER, "former President", True),
        ("Former President Barack Obama spoke.", IN_OFFICE, "former President", False),
        ("Barack Obama, the American president, spoke.", IN_OFFICE, "president", True),
        ("Barack Obama, the American president, spoke.", AFTER, "president", False),
        ("President Barack Obama spoke.", None, "President", None),
    ],
)
def test_title(text: str, day: date | None, role: str, agrees: bool | None) -> None:
    (found,) = role_claims(steps.reading(text, day=day))
    assert (found.person, found.role, found.agrees) == ("Barack Obama", role, agrees)
    assert found.on_record
    assert all(text[e.start : e.end] == found.text for e in found.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "Then-President Barack Obama spoke.",  # of another day than the report's
        "Barack Obama landed in Havana.",
        "He met the Cuban president.",
    ],
)
def test_no_claim(text: str) -> None:
    assert role_claims(steps.reading(text, day=AFTER)) == ()


def test_the_same_title_twice_in_a_report_is_two_claims() -> None:
    found = role_claims(steps.reading("President Barack Obama spoke.", "President Barack Obama spoke."))
    assert [claim.sentence for claim in found] == [0, 1]
