"""The one table of settings, and the only reader of the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from truceline.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: the environment variable is its name in capitals after ``TRUCELINE_``."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("ledger", "truceline.sqlite", "the ledger that run, show and report use: a file or a database URL"),
    Setting("threads", "1", "threads that reading may use; 1 is the fastest per core"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> str:
    """The value of a setting: the environment's, else the default.

    Raises:
        KeyError: there is no setting of that name.
    """
    return os.environ.get(f"TRUCELINE_{name.upper()}") or _BY_NAME[name].default


def get_int(name: str) -> int:
    """The value of a setting that is a whole number above zero.

    Raises:
        SettingsError: it is not one.
    """
    value = get(name)
    if not value.isdecimal() or int(value) < 1:
        raise SettingsError(f"TRUCELINE_{name.upper()} is {value!r}: give a whole number above zero", subject=name)
    return int(value)
