from datetime import timedelta

import pytest

from stormcone.mention_file import FileRow
from stormcone.models import Gap, Level, Mention, Moment, Transition
from stormcone.pipeline.replaying import Played, batch_of, play
from tests.fakes import AT, at, make_mention
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm

START = AT - timedelta(days=30)


def rows_of(mentions: list[Mention]) -> list[FileRow]:
    return [FileRow(record=each, seen_at=each.seen_at, place="invented") for each in mentions]


def replayed(mentions: list[Mention], *, poll_minutes: float = 1) -> tuple[list[Transition], Played]:
    pipeline, clock = make_pipeline(start=START)
    played = Played()
    rows = rows_of(mentions)
    return list(play(pipeline, clock, rows, poll_minutes=poll_minutes, played=played)), played


def test_a_storm_is_told_in_order_and_paged_once() -> None:
    happened, played = replayed([*make_calm(2), *make_storm(60)])
    assert [each.at for each in happened] == sorted(each.at for each in happened)
    assert happened[0].moment is Moment.OPENED
    assert happened[-1].moment is Moment.RESOLVED
    assert Level.PAGE in {each.incident.level for each in happened}
    assert (played.mentions, played.incidents, played.pages) == (192 + 61, 1, 1)
    assert played.days == pytest.approx(2, abs=0.1)


def test_the_order_of_the_rows_changes_nothing() -> None:
    mentions = [*make_calm(1), *make_storm(40)]
    assert replayed(mentions) == replayed(mentions[::-1])


def test_what_was_collected_late_is_known_late() -> None:
    mentions = [*make_calm(2), *make_storm(60)]
    late = [*make_calm(2), *make_storm(60, change=lambda _: {"seen_at": at(120)})]
    assert replayed(mentions)[0][0].at < at(20)
    assert all(each.at >= at(120) for each in replayed(late)[0])


def test_a_notice_leaves_at_the_poll_that_brings_the_reason() -> None:
    happened, _ = replayed([*make_calm(2), *make_storm(60)], poll_minutes=30)
    assert happened[0].at == at(30)


def test_nothing_replayed_is_nothing_told() -> None:
    assert replayed([]) == ([], Played())
    assert Played().days == 0


def test_a_batch_holds_each_row_under_its_own_name() -> None:
    gap = Gap(platform="x", brand=None, started_at=AT, ended_at=at(5))
    rows = [*rows_of([make_mention()]), FileRow(record=gap, seen_at=at(5), place="invented")]
    batch = batch_of(rows)
    assert (batch.mentions, batch.gaps, batch.likes) == ((make_mention(),), (gap,), ())
