"""The first shape of the ledger. Its tables are written out here: a migration never changes once released."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = (
    "documents", "sources", "codings", "events", "participants", "attributions", "quantities", "statements",
    "truce_proposals", "responses", "role_claims", "rejections", "history",
)  # fmt: skip
_ID = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and refuse changes and deletions in them."""
    _texts()
    _codings()
    _events()
    _said()
    _history()
    refuse = _refuse_postgresql if op.get_context().dialect.name == "postgresql" else _refuse_sqlite
    refuse()


def _text(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=null) for name in names]


def _floats(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Float) for name in names]


def _whole(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _entity(name: str) -> list[sa.Column[Any]]:
    return _text(name, f"{name}_id", f"{name}_country", null=True)


def _id(name: str = "id", *, unique: bool | None = None) -> sa.Column[Any]:
    return sa.Column(name, _ID, nullable=False, unique=unique)


def _key() -> sa.Column[Any]:
    return sa.Column("key", sa.Integer, primary_key=True)


def _of_coding(name: str, *columns: sa.Column[Any], parts: bool = False) -> None:
    numbers = ["position", "part"] if parts else ["position"]
    op.create_table(
        name,
        sa.Column("coding", sa.Integer, sa.ForeignKey("codings.key"), primary_key=True, autoincrement=False),
        *(sa.Column(number, sa.Integer, primary_key=True, autoincrement=False) for number in numbers),
        *columns,
    )


def _texts() -> None:
    op.create_table("documents", _key(), _id(), _id("sha256", unique=True), *_text("language", "text"))
    op.create_index("ix_documents_id", "documents", ["id"])
    op.create_table(
        "sources",
        _key(),
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.key"), nullable=False),
        *_text("document_id"),
        *_text("source", "url", "title", "published", null=True),
        *_text("at"),
    )
    op.create_index("ix_sources_document", "sources", ["document"])


def _codings() -> None:
    op.create_table(
        "codings",
        _key(),
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.key"), nullable=False),
        *_text("schema", "versions"),
        *_text("published", null=True),
        *_text("record", "at"),
    )
    op.create_index("codings_of_document", "codings", ["document", "key"])


def _events() -> None:
    _of_coding(
        "events",
        _id(),
        *_whole("sentence"),
        *_text("event_type"),
        *_text("event_mode", "cameo", null=True),
        *_text("quad_class"),
        *_floats("score"),
        *_text("status"),
        *_text("first_day", "last_day", null=True),
        *_text("date_precision", "date_basis"),
        *_text("place", "place_country", "place_precision", null=True),
        *_floats("lat", "lon"),
        *_text("trigger_words"),
        *_whole("trigger_start", "trigger_end"),
    )
    for column in ("id", "first_day", "last_day"):
        op.create_index(f"ix_events_{column}", "events", [column])
    role, country = _text("role", "name"), _text("id", "country", null=True)
    _of_coding("participants", *role, *country, *_text("sectors"), parts=True)
    op.create_index("ix_participants_country", "participants", ["country"])
    _of_coding("attributions", *_entity("holder"), *_text("cue", "certainty", "polarity"), parts=True)
    _of_coding(
        "quantities",
        *_text("kind", "item"),
        *_floats("low", "best", "high"),
        sa.Column("approximate", sa.Boolean, nullable=False),
        *_text("unit", null=True),
        *_text("words"),
        *_text("part_of", null=True),
        parts=True,
    )


def _said() -> None:
    said = [*_text("cue"), *_text("content", null=True), sa.Column("direct", sa.Boolean, nullable=False)]
    _of_coding("statements", _id(), *_whole("sentence"), *_entity("speaker"), *said)
    terms = _text("scope", "duration", "start", "area", null=True)
    _of_coding("truce_proposals", _id(), *_whole("sentence"), *_entity("proposer"), *terms)
    for name in ("statements", "truce_proposals"):
        op.create_index(f"ix_{name}_id", name, ["id"])
    answer = [*_text("answer"), *_text("as_of", null=True), *_text("words")]
    _of_coding("responses", *_entity("party"), *answer, parts=True)
    agrees = sa.Column("agrees", sa.Boolean)
    _of_coding("role_claims", *_whole("sentence"), *_text("person", "role"), agrees, *_text("on_record"))
    _of_coding("rejections", *_text("reason"), *_whole("start", "end"))


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *_text("at", "kind"),
        *_whole("subject"),
        *_text("digest", "hash"),
        sa.UniqueConstraint("kind", "subject", name="history_subject"),
    )


def _refuse_sqlite() -> None:
    for table in _APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {table}'); END"
            )


def _refuse_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION truceline_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only: %', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION truceline_refuses()"
        )
