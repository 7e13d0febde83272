"""Remembers the simulated clock of a drill, so that every process that opens its database sees the same time.

Written by `stormcone demo`, read by the dashboard and the command line. Production databases have no such row.
"""

from sqlalchemy import select

from stormcone.clock import Clock, DrillClock, SystemClock
from stormcone.store.database import Database
from stormcone.store.tables import drill_clock
from stormcone.store.upserts import insert_or_replace


def read_clock(database: Database) -> Clock:
    """Return the drill's clock where the database has one, else the machine's."""
    with database.read() as connection:
        row = connection.execute(select(drill_clock)).one_or_none()
    if row is None:
        return SystemClock()
    return DrillClock(
        real_start=row.real_start,
        simulated_start=row.simulated_start,
        simulated_end=row.simulated_end,
        speed=row.speed,
    )


def write_drill_clock(database: Database, clock: DrillClock) -> None:
    """Put the database on simulated time."""
    with database.write() as connection:
        insert_or_replace(
            connection,
            drill_clock,
            [
                {
                    "id": 1,
                    "real_start": clock.real_start,
                    "simulated_start": clock.simulated_start,
                    "simulated_end": clock.simulated_end,
                    "speed": clock.speed,
                }
            ],
        )


def forget_drill_clock(database: Database) -> None:
    """Put the database back on the machine's time."""
    with database.write() as connection:
        connection.execute(drill_clock.delete())
