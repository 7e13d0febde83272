"""Keeps which message of a chat an incident's later messages answer.

Implements stormcone.ports.Threads for channels that can thread. A receipt that is lost costs a second thread and no
message. Never talks to a channel.
"""

from sqlalchemy import select

from stormcone.store.database import Database
from stormcone.store.upserts import insert_new
from stormcone.store.watching_tables import thread


class ThreadStore:
    """Receipts of first messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self, channel: str, incident_id: int) -> str | None:
        """Return the receipt of an incident's first message in a channel, None where there is none."""
        query = select(thread.c.receipt).where(thread.c.channel == channel, thread.c.incident_id == incident_id)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def keep(self, channel: str, incident_id: int, receipt: str) -> None:
        """Keep the receipt of a first message; where two senders were at it, that of the faster one stays."""
        with self._database.write_briefly() as connection:
            insert_new(connection, thread, [{"channel": channel, "incident_id": incident_id, "receipt": receipt}])
