"""The public door: what it names is there, is documented, and costs nothing until it is used."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

import pytest

import truceline

HEAVY = ("onnxruntime", "tokenizers", "numpy", "sqlalchemy", "alembic", "typer", "rich", "jinja2", "ahocorasick_rs")
ROOMS = ("records", "errors", "settings", "ontology", "kb", "nlp", "extract", "coder", "readers", "ledger", "report",
         "cli")  # fmt: skip


def test_all_is_sorted_and_complete() -> None:
    assert truceline.__all__ == sorted(set(truceline.__all__))
    # Imported and used in annotations only; the door offers what is in __all__ and nothing else.
    offered = {name for name in dir(truceline) if not name.startswith("_")}
    modules = {name for name in offered if inspect.ismodule(getattr(truceline, name))}
    helpers = {"TYPE_CHECKING", "Any", "annotations", "import_module"}
    assert offered - modules - helpers == set(truceline.__all__)


def test_every_name_is_there_and_the_same_each_time() -> None:
    for name in truceline.__all__:
        assert getattr(truceline, name) is getattr(truceline, name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Truce'"):
        _ = truceline.Truce


def test_dir_is_sorted_and_names_them_all() -> None:
    assert dir(truceline) == sorted(dir(truceline))
    assert set(truceline.__all__) <= set(dir(truceline))


def test_every_error_is_of_one_tree() -> None:
    errors = [getattr(truceline, name) for name in truceline.__all__ if name.endswith("Error")]
    assert len(errors) == 5
    assert all(issubclass(error, truceline.TrucelineError) for error in errors)


def test_the_version_is_the_installed_one() -> None:
    assert truceline.__version__ == version("truceline")


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The public classes and functions of a module, and their public methods and properties."""
    for name, value in vars(module).items():
        own = getattr(value, "__module__", None) == module.__name__
        if name.startswith("_") or not own or not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        yield f"{module.__name__}.{name}", value
        for member, inner in vars(value).items() if inspect.isclass(value) else ():
            held = getattr(inner, "__func__", inner)
            if not member.startswith("_") and (inspect.isfunction(held) or isinstance(held, property)):
                yield f"{module.__name__}.{name}.{member}", held


@pytest.mark.parametrize("room", ROOMS)
def test_everything_public_is_documented(room: str) -> None:
    module = import_module(f"truceline.{room}")
    assert module.__doc__
    assert [name for name, value in public(module) if not (value.__doc__ or "").strip()] == []


def test_importing_costs_nothing() -> None:
    said = f"import sys, truceline; print([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_ledger_needs_no_network() -> None:
    said = "import sys, truceline; truceline.Ledger; print('onnxruntime' in sys.modules, 'sqlalchemy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]


def test_the_example_runs() -> None:
    ran = doctest.testmod(truceline)
    assert ran.attempted >= 3
    assert ran.failed == 0


def test_code() -> None:
    coded = truceline.code("Russian forces shelled Kharkiv on Monday.", published="2024-05-08", title="Kharkiv")
    assert isinstance(coded, truceline.CodedDocument)
    assert (coded.document.title, coded.document.published) == ("Kharkiv", "2024-05-08")
    assert [event.date.start for event in coded.events] == ["2024-05-06"]


@pytest.mark.parametrize(("text", "published"), [("", None), (" \n", None), ("Police arrested him.", "Monday")])
def test_unusable_input_is_an_input_error(text: str, published: str | None) -> None:
    with pytest.raises(truceline.InputError):
        truceline.code(text, published=published)


def test_explain() -> None:
    assert truceline.explain("assault").code == "ASSAULT"
    with pytest.raises(truceline.DataError, match="NOPE"):
        truceline.explain("NOPE")
