"""Alembic's entry point: runs the revisions on the connection that stormcone.store.migrating hands over.

Never opens a database of its own and never reads an alembic.ini.
"""

from alembic import context

from stormcone.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
