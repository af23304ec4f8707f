"""Settings: the environment's value, else the default; what is no number is refused."""

from __future__ import annotations

import pytest

from truceline import settings
from truceline.errors import SettingsError


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in settings.SETTINGS:
        monkeypatch.delenv(f"TRUCELINE_{setting.name.upper()}", raising=False)


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda s: s.name)
def test_default_then_environment(setting: settings.Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.get(setting.name) == setting.default
    monkeypatch.setenv(f"TRUCELINE_{setting.name.upper()}", "elsewhere")
    assert settings.get(setting.name) == "elsewhere"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUCELINE_LEDGER", "")
    assert settings.get("ledger") == "truceline.sqlite"


def test_names_are_unique_and_explained() -> None:
    assert len({setting.name for setting in settings.SETTINGS}) == len(settings.SETTINGS)
    assert all(setting.help for setting in settings.SETTINGS)


def test_an_unknown_setting() -> None:
    with pytest.raises(KeyError, match="colour"):
        settings.get("colour")


@pytest.mark.parametrize(("given", "expected"), [("1", 1), ("12", 12)])
def test_whole_numbers(given: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUCELINE_THREADS", given)
    assert settings.get_int("threads") == expected


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "two", "1 2", "²", "0x2", " "])
def test_what_is_no_whole_number_above_zero(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUCELINE_THREADS", given)
    with pytest.raises(SettingsError, match=r"TRUCELINE_THREADS is .*: give a whole number") as raised:
        settings.get_int("threads")
    assert raised.value.subject == "threads"
