"""Brings a database to this version's tables, and refuses one that a newer Stormcone has written.

Runs whenever a store is opened. The migrations themselves are in stormcone/migrations; this file never defines a table.
"""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from stormcone.errors import StoreError, StoreTooNew
from stormcone.store.database import Database

_UPGRADE_LOCK = 7_366_001  # any fixed number: two processes that start at once upgrade one after the other


def upgrade(database: Database) -> None:
    """Create or upgrade the tables of `database`.

    Raises: StoreTooNew: it holds a revision this version does not know. StoreError: it cannot be written.
    """
    script = ScriptDirectory.from_config(_alembic_config(None))
    with database.read() as connection:
        if _current(connection) == script.get_current_head():
            return
    with database.write() as connection:
        database.wait_for_turn(connection, _UPGRADE_LOCK)
        current = _current(connection)
        known = {revision.revision for revision in script.walk_revisions()}
        if current is not None and current not in known:
            raise StoreTooNew(
                f"{database.place}: written by a newer Stormcone (revision {current}); install that version or newer"
            )
        command.upgrade(_alembic_config(connection), "head")


def refuse_outdated(database: Database) -> None:
    """Refuse a database whose tables are not exactly those of this version; for readers, who cannot upgrade it.

    Raises: StoreError: an older Stormcone wrote it, or nobody did. StoreTooNew: a newer one did.
    """
    script = ScriptDirectory.from_config(_alembic_config(None))
    with database.read() as connection:
        current = _current(connection)
    if current == script.get_current_head():
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise StoreTooNew(
            f"{database.place}: written by a newer Stormcone (revision {current}); install that version or newer"
        )
    raise StoreError(f"{database.place}: its tables are not up to date; `stormcone status` brings them up to date")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _alembic_config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", "stormcone:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
