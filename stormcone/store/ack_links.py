"""The key that acknowledge links are signed with, and which of them were used.

The key is drawn once, when the first link is made, and never leaves the database. Called where notices are written and
by the page that acknowledges. Never makes a link, and never keeps one.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from stormcone.errors import UsageError
from stormcone.store.collecting_tables import secret
from stormcone.store.database import Database
from stormcone.store.upserts import insert_new
from stormcone.store.watching_tables import used_link

USED: Final = "this link has been used already"
LONGEST_LINK: Final = timedelta(hours=720)  # no link lasts longer, so neither need the note that it was used
_KEY_NAME = "ack_link_key"
_KEY_BYTES = 32


class AckLinkStore:
    """Key and used links."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key: bytes | None = None

    def key(self) -> bytes:
        """Return the database's own key, 32 bytes; drawn now where there is none yet. Raises: StoreError."""
        if self._key is None:
            asked = select(secret.c.value).where(secret.c.name == _KEY_NAME)
            with self._database.read() as connection:
                found = connection.execute(asked).scalar_one_or_none()
            if found is None:
                wanted = {"name": _KEY_NAME, "value": secrets.token_hex(_KEY_BYTES)}
                with self._database.write() as connection:
                    insert_new(connection, secret, [wanted])  # whoever was faster has drawn it
                    found = connection.execute(asked).scalar_one()
            self._key = bytes.fromhex(found)
        return self._key

    def is_used(self, notice_key: str) -> bool:
        """Return whether the link of a notice has acknowledged something."""
        with self._database.read() as connection:
            asked = select(used_link.c.notice_key).where(used_link.c.notice_key == notice_key)
            return connection.execute(asked).first() is not None


def use_link(connection: Connection, notice_key: str, at: datetime) -> None:
    """Use a link up, in the transaction of what it does. Raises: UsageError: it was used before."""
    if insert_new(connection, used_link, [{"notice_key": notice_key, "used_at": at}]) == 0:
        raise UsageError(USED)
