"""What can go wrong, as a tree.

TrucelineError
├── InputError (also ValueError)      a report or file that cannot be used: said in one line, kept aside
├── DataError (also ValueError)       a data file of ours or of the user's that breaks its schema
├── SettingsError (also ValueError)   an option or setting out of its allowed values
└── LedgerError                       the ledger refuses: not a ledger, another version, a broken chain

Each message says what was found, what is allowed and what to do next. ``subject`` is what the error is about
(a path, a line, an id), so that a caller need not parse the message.
"""


class TrucelineError(Exception):
    """The root: catching it catches everything this package raises on purpose."""

    def __init__(self, message: str, *, subject: str = "") -> None:
        super().__init__(message)
        self.subject = subject


class InputError(TrucelineError, ValueError):
    """A report or file that cannot be read as what it should be."""


class DataError(TrucelineError, ValueError):
    """A data file (ontology, lexicon, knowledge base, model) that breaks its schema."""


class SettingsError(TrucelineError, ValueError):
    """An option or setting outside its allowed values."""


class LedgerError(TrucelineError):
    """The ledger cannot do what was asked."""
