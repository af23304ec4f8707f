"""What tests share: the network takes about a second to load, so it is loaded once."""

from __future__ import annotations

import pytest

from truceline import nlp


@pytest.fixture(scope="session")
def reader() -> nlp.Reader:
    return nlp.load()
