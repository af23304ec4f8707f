"""Truceline reads reporting on war and diplomacy and keeps the record.

Who did what to whom, when, where, how many - and who says so:

    >>> import truceline
    >>> coded = truceline.code("Dravian troops shelled the town of Oster on Monday.", published="2024-05-08")
    >>> [event.event_type for event in coded.events]
    ['ASSAULT']

Everything here is loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from truceline.coder import Coder
    from truceline.errors import DataError, InputError, LedgerError, SettingsError, TrucelineError
    from truceline.ledger import Ledger
    from truceline.ontology import Explanation
    from truceline.readers import Refused, read
    from truceline.records import CodedDocument, Document, Event

__version__ = "0.1.0"

__all__ = [
    "CodedDocument",
    "Coder",
    "DataError",
    "Document",
    "Event",
    "InputError",
    "Ledger",
    "LedgerError",
    "Refused",
    "SettingsError",
    "TrucelineError",
    "code",
    "explain",
    "read",
]

_HOMES = {
    "CodedDocument": "records", "Coder": "coder", "DataError": "errors", "Document": "records", "Event": "records",
    "InputError": "errors", "Ledger": "ledger", "LedgerError": "errors", "Refused": "readers",
    "SettingsError": "errors", "TrucelineError": "errors", "read": "readers",
}  # fmt: skip
_loaded: dict[str, Any] = {}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name in _HOMES:
        return getattr(import_module(f"truceline.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'truceline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


def code(text: str, *, published: str | date | datetime | None = None, title: str | None = None) -> CodedDocument:
    """Code one report; the coder is loaded at the first call and kept.

    Args:
        text: the report.
        published: its day or time of publication, to which "on Monday" and offices held are related.
        title: its title, kept with the document.

    Raises:
        InputError: the text is blank, or ``published`` is not an ISO day or time.
    """
    document = import_module("truceline.records").Document.of(text, published=published, title=title)
    if "coder" not in _loaded:
        _loaded["coder"] = import_module("truceline.coder").Coder.load()
    coded: CodedDocument = _loaded["coder"].code(document)
    return coded


def explain(code: str) -> Explanation:
    """What a code of the codebook means: a PLOVER type, "TYPE-mode", CAMEO code, context or sector.

    Raises:
        DataError: there is no such code; the message names the nearest.
    """
    explanation: Explanation = import_module("truceline.ontology").Ontology.load().explain(code)
    return explanation
