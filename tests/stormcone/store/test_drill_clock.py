from dataclasses import replace

from stormcone.clock import DrillClock, SystemClock
from stormcone.store import Store, forget_drill_clock, read_clock, write_drill_clock
from tests.fakes import at

CLOCK = DrillClock(real_start=1_700_000_000.25, simulated_start=at(0), simulated_end=at(600), speed=120.5)


def test_a_production_database_runs_on_the_machines_time(store: Store) -> None:
    assert isinstance(read_clock(store.database), SystemClock)


def test_every_reader_of_a_drills_database_has_its_clock(store: Store) -> None:
    write_drill_clock(store.database, CLOCK)
    assert read_clock(store.database) == CLOCK


def test_a_second_drill_replaces_the_first_and_the_end_forgets_it(store: Store) -> None:
    write_drill_clock(store.database, CLOCK)
    faster = replace(CLOCK, speed=999.0)
    write_drill_clock(store.database, faster)
    assert read_clock(store.database) == faster
    forget_drill_clock(store.database)
    assert isinstance(read_clock(store.database), SystemClock)
