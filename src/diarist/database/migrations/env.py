"""Alembic's entry; connection, metadata and history are handed in by `database/migrate.py`."""

from alembic import context

from diarist.database.compatibility import keep_floor

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    # SQLite cannot alter most things in place; Alembic copies the table instead.
    render_as_batch=True,
    # All or nothing, on SQLite too: our transaction has begun before Alembic comes.
    transactional_ddl=True,
    compare_type=True,
    on_version_apply=lambda ctx, step, heads, run_args: keep_floor(given["connection"], given["history"], heads),  # noqa: ARG005 - Alembic's names
)
with context.begin_transaction():
    context.run_migrations()
