"""The exception tree: as it is drawn, so it is."""

from __future__ import annotations

import re

import pytest

from truceline import errors
from truceline.errors import TrucelineError

BRANCH = re.compile(r"^[├└]── (\w+)(?: \(also (\w+)\))?", re.MULTILINE)
DRAWN = dict(BRANCH.findall(errors.__doc__ or ""))
CLASSES = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}


def test_every_error_is_drawn() -> None:
    assert {"TrucelineError", *DRAWN} == set(CLASSES)


@pytest.mark.parametrize("name", DRAWN)
def test_each_error_is_what_is_drawn(name: str) -> None:
    assert issubclass(CLASSES[name], TrucelineError)
    assert issubclass(CLASSES[name], ValueError) == (DRAWN[name] == "ValueError")


@pytest.mark.parametrize("name", CLASSES)
def test_each_carries_its_subject(name: str) -> None:
    error = CLASSES[name]("no such thing", subject="a.txt")
    assert (str(error), error.subject) == ("no such thing", "a.txt")
    assert CLASSES[name]("no such thing").subject == ""
