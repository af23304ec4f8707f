"""The ledger: every report and every coding of it, appended and chained; nothing overwritten or deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from truceline.errors import LedgerError
from truceline.ledger import queries, tables
from truceline.ledger.checks import Problem, misplaced, problems
from truceline.ledger.queries import Shown, Source, Stats, Stored, iso_day
from truceline.records import (
    SCHEMA_VERSION,
    CodedDocument,
    Document,
    Event,
    Rejection,
    RoleClaim,
    Statement,
    TruceProposal,
    iso_time,
)

__all__ = ["Added", "Ledger", "Problem", "Shown", "Source", "Stats", "Stored"]

_WAIT_S = 60
_LOCK = 7201
"""The number of the lock that all who write to one PostgreSQL database take in turn."""
_Day = str | date | None


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a document changed: ``text`` a text not seen before, ``source`` a place not seen before,
    ``coding`` a coding that is now the current one.
    """  # noqa: D205 - the three belong together

    document: str
    text: bool
    source: bool
    coding: bool

    @property
    def new(self) -> bool:
        """Whether anything changed."""
        return self.text or self.source or self.coding


class Ledger:
    """A ledger that is open. Its reads stream: each sees the ledger as it was when the read began.

    Use it as a context manager, or call ``close``. Days are ISO days, and both ends of a period are included.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False) -> Ledger:
        """Open a ledger: a file, or a database URL such as ``postgresql+psycopg://host/name``.

        An older ledger is brought up to this version. With ``create`` a missing or empty one is made.

        Raises:
            LedgerError: it does not exist, cannot be opened, is not a ledger, or a newer version made it.
        """
        url, name = _address(where)
        if url.get_backend_name() == "sqlite":
            _check_file(Path(url.database or ""), name, create=create)
        with _explained(name):
            engine = _engine(url, name)
        try:
            with _explained(name):
                _prepare(engine, name, create=create)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, name)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, coded: CodedDocument, *, at: str) -> Added:
        """Add a coded document, whole or not at all; what is there already stays as it is.

        A text is one document wherever it was seen. Another version of the coder, or an earlier day of
        publication than known so far, appends a new coding, which becomes the current one. ``at`` is the
        time to record.

        Raises:
            LedgerError: the record's words are not in its text, or the database refuses (busy, full).
            InputError: ``at`` is not an ISO time.
        """
        record = coded.to_json()
        wrong = next(misplaced(record, coded.document.text), None)
        if wrong:
            raise LedgerError(f"{coded.document.id} is not added: {wrong}", subject=coded.document.id)
        with _explained(self.name), _writing(self._engine) as conn:
            return _Appender(conn, iso_time(at) or at).add(coded.document, record)

    def find(self, id: str) -> Shown[CodedDocument | Event | Statement | TruceProposal]:
        """The event, document, statement or proposal with an id, or the only one whose id starts so.

        Raises:
            LedgerError: none has it, or several do; the message lists them.
        """
        with self._reading() as conn:
            return queries.find(conn, id)

    def documents(self, *, since: _Day = None, until: _Day = None) -> Iterator[Shown[CodedDocument]]:
        """Documents, those published in a period when one is given; oldest first, then by the text's hash."""
        with self._reading() as conn:
            yield from queries.every_document(conn, iso_day(since, "since"), iso_day(until, "until"))

    def events(
        self,
        *,
        since: _Day = None,
        until: _Day = None,
        event_type: str | None = None,
        country: str | None = None,
        status: str | None = None,
    ) -> Iterator[Shown[Event]]:
        """Events whose days meet the period; a country matches actors, recipients and the place.

        An event without a day counts under its report's day of publication; one without either is in no
        period (``Stats.undated`` says how many).
        """
        conditions = queries.event_conditions(
            since=iso_day(since, "since"),
            until=iso_day(until, "until"),
            event_type=event_type,
            country=country,
            status=status,
        )
        with self._reading() as conn:
            yield from queries.every_part(conn, tables.events, "event", conditions)

    def statements(self, *, since: _Day = None, until: _Day = None) -> Iterator[Shown[Statement]]:
        """Statements in reports published in the period."""
        return self._parts(tables.statements, "statement", since, until)

    def truce_proposals(self, *, since: _Day = None, until: _Day = None) -> Iterator[Shown[TruceProposal]]:
        """Truce proposals in reports published in the period."""
        return self._parts(tables.truce_proposals, "proposal", since, until)

    def role_claims(self, *, since: _Day = None, until: _Day = None) -> Iterator[Shown[RoleClaim]]:
        """Offices given to people in reports published in the period."""
        return self._parts(tables.role_claims, "role claim", since, until)

    def rejections(self, *, since: _Day = None, until: _Day = None) -> Iterator[Shown[Rejection]]:
        """What reports published in the period have that was not recorded, with the reason."""
        return self._parts(tables.rejections, "rejection", since, until)

    def stats(self) -> Stats:
        """How much the ledger holds."""
        with self._reading() as conn:
            return queries.stats(conn)

    def verify(self) -> list[Problem]:
        """Recompute the chain, each row from its record, each span from its text; empty when all is well.

        A ledger cut off at its end has a whole, shorter chain: compare ``Stats.head`` with one noted before.
        """
        with self._reading() as conn:
            return list(problems(conn))

    def _parts(self, table: Table, kind: str, since: _Day, until: _Day) -> Iterator[Shown[Any]]:
        conditions = queries.published_conditions(iso_day(since, "since"), iso_day(until, "until"))
        with self._reading() as conn:
            yield from queries.every_part(conn, table, kind, conditions)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _explained(self.name), self._engine.connect() as conn:
            yield conn


class _Appender:
    """Appends one document inside a transaction that holds the ledger's only write lock."""

    def __init__(self, conn: Connection, at: str) -> None:
        self._conn = conn
        self._at = at

    def add(self, document: Document, record: dict[str, Any]) -> Added:
        known = select(tables.documents.c.key).where(tables.documents.c.sha256 == document.sha256)
        key = self._conn.execute(known).scalar_one_or_none()
        new_text = key is None
        if key is None:
            row = {name: getattr(document, name) for name in ("id", "sha256", "language", "text")}
            key = self._append("document", row)
        new_source = self._add_source(key, document)
        new_coding = self._add_coding(key, document, record)
        return Added(document.id, text=new_text, source=new_source, coding=new_coding)

    def _add_source(self, key: int, document: Document) -> bool:
        seen = {name: getattr(document, name) for name in ("source", "url", "published")}
        columns = tables.sources.c
        same = [columns[name].is_not_distinct_from(value) for name, value in seen.items()]
        known = select(columns.key).where(columns.document == key, *same)
        if self._conn.execute(known).first():
            return False
        row = {"document": key, "document_id": document.id, "title": document.title, "at": self._at} | seen
        self._append("source", row)
        return True

    def _add_coding(self, key: int, document: Document, record: dict[str, Any]) -> bool:
        versions = tables.canonical(record["versions"])
        columns = tables.codings.c
        earlier = select(columns.published).where(columns.document == key, columns.versions == versions)
        days = self._conn.execute(earlier).scalars().all()
        if days and not _is_earlier(document.published, days):
            return False
        row = {
            "document": key,
            "schema": SCHEMA_VERSION,
            "versions": versions,
            "published": document.published,
            "record": tables.canonical(record),
            "at": self._at,
        }
        coding = self._append("coding", row)
        for name, rows in tables.rows_of(coding, record).items():
            if rows:
                self._conn.execute(insert(tables.METADATA.tables[name]), rows)
        return True

    def _append(self, kind: str, row: dict[str, Any]) -> int:
        """Insert a row and the line of history that says so; returns the row's key."""
        table = tables.SUBJECTS[kind]
        inserted = self._conn.execute(insert(table).values(row)).inserted_primary_key
        key: int = inserted[0] if inserted else 0
        chain = tables.history.c
        last = self._conn.execute(select(chain.seq, chain.hash).order_by(chain.seq.desc()).limit(1)).first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, "")
        digest = tables.digest_of(row | {"key": key})
        line = {"seq": seq, "at": self._at, "kind": kind, "subject": key, "digest": digest}
        self._conn.execute(insert(tables.history).values(line | {"hash": tables.chained(previous, line)}))
        return key


def _is_earlier(published: str | None, known: Any) -> bool:  # noqa: ANN401 - a sequence of days or None
    return published is not None and all(day is None or published[:10] < day[:10] for day in known)


def _address(where: str | Path) -> tuple[URL, str]:
    """The database URL, and how to name it in messages: without its password."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where)), str(where)
    try:
        url = make_url(where)
    except ArgumentError:
        raise LedgerError("this is not a database URL: give a file, or DIALECT+DRIVER://USER@HOST/NAME") from None
    return url, url.render_as_string(hide_password=True)


def _check_file(path: Path, name: str, *, create: bool) -> None:
    if path.is_dir():
        raise LedgerError(f"{name} is a folder: give the ledger's file", subject=name)
    if path.exists():
        return
    if not create:
        raise LedgerError(f"there is no ledger at {name}: `truceline run INPUT` makes one", subject=name)
    if not path.parent.is_dir():
        raise LedgerError(f"the folder of {name} does not exist: make it first", subject=name)


def _engine(url: URL, name: str) -> Engine:
    try:
        engine = create_engine(url)
    except ImportError as error:
        raise LedgerError(f"{name} needs a driver that is not installed ({error.name})", subject=name) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # so that _on_begin decides how a transaction starts
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_S * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(conn: Connection) -> None:
    # A writer takes the lock before it reads: two that read first and then write would have to give up.
    writing = conn.get_execution_options().get("truceline_writing", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    """A transaction with the ledger's only write lock."""
    with engine.connect().execution_options(truceline_writing=True) as conn, conn.begin():
        if conn.dialect.name == "postgresql":
            conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        yield conn


def _prepare(engine: Engine, name: str, *, create: bool) -> None:
    """Make or upgrade the ledger where needed; what is not a ledger is left as it was found."""
    with engine.connect() as conn:
        revision = _revision(conn, name, create=create)
    if revision == tables.REVISIONS[-1]:
        return
    if engine.dialect.name == "sqlite":
        _use_wal(engine)
    from truceline.ledger import migrations  # noqa: PLC0415 - alembic is slow to import and seldom needed

    with _writing(engine) as conn:
        if _revision(conn, name, create=create) != tables.REVISIONS[-1]:
            migrations.upgrade(conn)


def _use_wal(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


def _revision(conn: Connection, name: str, *, create: bool) -> str | None:
    """The revision of a ledger; None for an empty database that may become one."""
    names = inspect(conn).get_table_names()
    if not names:
        if create:
            return None
        raise LedgerError(f"{name} is empty: `truceline run INPUT` makes it a ledger", subject=name)
    if tables.VERSION_TABLE not in names:
        raise LedgerError(f"{name} is a database, but not a ledger of Truceline", subject=name)
    found = conn.execute(text(f"SELECT version_num FROM {tables.VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608
    if found not in tables.REVISIONS:
        raise LedgerError(
            f"{name} was made by a newer version of Truceline (its shape is {found}; this version knows "
            f"{', '.join(tables.REVISIONS)}): upgrade Truceline",
            subject=name,
        )
    return str(found)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn what the database says into one line that says what to do."""
    try:
        yield
    except UnicodeEncodeError:
        raise LedgerError(
            "the report has half characters (lone surrogates) that no file can hold", subject=name
        ) from None
    except OperationalError as error:
        raise LedgerError(f"{name} cannot be used: {_reason(error)}", subject=name) from error
    except SQLAlchemyError as error:
        raise LedgerError(f"{name} is not a ledger that can be read: {_reason(error)}", subject=name) from error


def _reason(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    first = str(cause).strip().split("\n", 1)[0]
    if "database is locked" in first:
        return f"another process has been writing to it for {_WAIT_S} seconds; try again when it is done"
    return first
