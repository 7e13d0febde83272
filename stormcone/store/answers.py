"""Keeps what people answered about incidents; an answer is never overwritten, the newest holds.

Called by `stormcone.acting`, read by whoever advises. What an answer may be is decided in stormcone.fact_file.
"""

from sqlalchemy import select

from stormcone.models import Answer
from stormcone.store.database import Database
from stormcone.store.record_tables import answer


class AnswerStore:
    """Answers of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, given: Answer) -> None:
        """Keep an answer. Raises: StoreError: it was not kept."""
        values = {
            "incident_id": given.incident_id,
            "at": given.at,
            "fact": given.fact,
            "value_json": given.value_json,
            "by": given.by,
        }
        with self._database.write() as connection:
            connection.execute(answer.insert(), values)

    def of(self, incident_id: int) -> tuple[Answer, ...]:
        """Return every answer about an incident, oldest first."""
        query = select(answer).where(answer.c.incident_id == incident_id).order_by(answer.c.seq)
        with self._database.read() as connection:
            return tuple(
                Answer(incident_id=row.incident_id, at=row.at, fact=row.fact, value_json=row.value_json, by=row.by)
                for row in connection.execute(query)
            )
