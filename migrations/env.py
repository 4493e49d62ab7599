"""Alembic's entry: one connection, handed in by `ops.migrate`."""

from alembic import context

from core.models import Model

context.configure(connection=context.config.attributes["connection"], target_metadata=Model.metadata)
with context.begin_transaction():
    context.run_migrations()
