"""Alembic's entry; connection and metadata are handed in by `database/migrate.py`."""

from alembic import context

from diarist.database.compatibility import keep_floor

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    # SQLite cannot alter most things in place; Alembic copies the table instead.
    render_as_batch=True,
    compare_type=True,
    on_version_apply=keep_floor,
)
with context.begin_transaction():
    context.run_migrations()
