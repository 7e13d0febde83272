"""Pseudonyms of authors: who they were is gone, that two mentions are of one author stays.

A keyed hash (HMAC-SHA256); the key is drawn once, when the first is needed, and never leaves the database. The same key
hashes the names in the record of what was forgotten. Never turns a pseudonym back, and never stores a name.
"""

import hashlib
import hmac
import secrets
from typing import Final

from sqlalchemy import Connection, select

from stormcone.store.collecting_tables import secret
from stormcone.store.upserts import insert_new

MARK: Final = "~"  # no platform lets a name begin so
_KEY_NAME = "author_key"
_KEY_BYTES = 32
_HASH_CHARS = 24  # 96 bits: no two of a billion authors share one


class Pseudonyms:
    """Names authors by a key."""

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)

    def of(self, platform: str, author: str) -> str:
        """Return the pseudonym of an author; case and a leading @ make no other author.

        >>> names = Pseudonyms("00" * 32)
        >>> names.of("x", "@Ann") == names.of("x", "ann"), names.of("x", "ann") == names.of("y", "ann")
        (True, False)
        """
        if author.startswith(MARK):
            return author
        return MARK + self.hashed(f"{platform}\0{author.removeprefix('@').casefold()}")

    def hashed(self, name: str) -> str:
        """Return the keyed hash of any name, 24 hexadecimal digits."""
        return hmac.new(self._key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_HASH_CHARS]


def read_pseudonyms(connection: Connection) -> Pseudonyms:
    """Return the database's own pseudonyms; its key is drawn now where there is none yet."""
    wanted = {"name": _KEY_NAME, "value": secrets.token_hex(_KEY_BYTES)}
    insert_new(connection, secret, [wanted])
    return Pseudonyms(connection.execute(select(secret.c.value).where(secret.c.name == _KEY_NAME)).scalar_one())
