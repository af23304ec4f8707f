"""What alembic runs for a migration: on the connection it is handed, in the caller's transaction."""

from __future__ import annotations

from alembic import context

from truceline.ledger.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
