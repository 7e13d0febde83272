"""Recorded public data through the real pipeline: what happened then must be judged as it was.

The recordings are no part of this repository; where they are absent these tests are skipped. Texts are only replayed,
never shown.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from stormcone.mention_file import FileRow, read_rows
from stormcone.models import Kind, Level
from tests.cases.playing import Run, play_rows

_FOLDERS = [parent / "shared" / "data" / "replay" for parent in Path(__file__).resolve().parents]
DATA = next((folder for folder in _FOLDERS if folder.is_dir()), None)

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.real_data,
    pytest.mark.skipif(DATA is None, reason="no folder shared/data/replay beside or above the repository"),
]


@cache
def rows_of(name: str) -> list[FileRow]:
    assert DATA is not None
    return [row for row in read_rows(DATA / f"{name}.csv.gz") if isinstance(row, FileRow)]


@cache
def replayed(name: str) -> Run:
    return play_rows(rows_of(name))


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2015, 2, day, hour, minute, tzinfo=UTC)


def test_complaints_wave_of_jetblue_is_seen_within_45_minutes() -> None:
    told = replayed("airlines_2015").told("jetblue", moment(22, 16), moment(22, 17, 15))
    raised = [each for each in told if each.incident.level >= Level.WARN]
    assert raised
    print(f"\njetblue wave: {raised[0].incident.level.word} at {raised[0].at:%H:%M}", end="")  # noqa: T201 - for -s
    assert raised[0].at <= moment(22, 17)


def test_viral_joke_of_jetblue_is_not_paged_as_backlash() -> None:
    told = replayed("airlines_2015").told("jetblue", moment(23, 18, 15), moment(23, 21))
    assert told  # it is seen
    assert all(each.incident.level < Level.PAGE for each in told)
    assert Kind.BACKLASH not in {each.incident.kind for each in told}


def test_edge_of_a_collection_is_no_event() -> None:
    run = replayed("airlines_2015")
    edge = moment(22, 20)
    all_of_it = run.told("americanair", moment(16, 0), moment(28, 0))
    assert all(each.incident.level < Level.PAGE for each in all_of_it)
    just_after = run.told("americanair", edge, edge + timedelta(hours=2))
    assert all(each.incident.level < Level.WARN for each in just_after)


def test_week_of_five_airlines_pages_at_most_once() -> None:
    played = replayed("airlines_2015").played
    print(f"\nairlines: {played.incidents} incidents, {played.pages} pages in {played.days:.1f} days", end="")  # noqa: T201 - for -s
    assert played.pages <= 1
    assert played.incidents <= 12


def test_reposts_of_a_celebrity_page_nobody() -> None:
    run = replayed("apple_2014")
    assert run.played.pages == 0
    assert {each.incident.kind for each in run.transitions} == {Kind.NEWS}


def test_loved_advert_pages_nobody() -> None:
    assert replayed("johnlewis_2025_thread").played.pages == 0


def test_ordinary_reply_threads_hardly_ever_page() -> None:
    posts = {
        (row.mention.platform, row.mention.thread_id or row.mention.id)
        for row in rows_of("reply_threads_semeval2017")
        if row.mention
    }
    run = replayed("reply_threads_semeval2017")
    paged = {each.incident.post for each in run.transitions if each.incident.level is Level.PAGE} - {None}
    print(f"\n{len(paged)} of {len(posts)} threads paged, {run.played.pages} pages in all", end="")  # noqa: T201 - for -s
    assert len(posts) >= 296
    assert len(paged) <= 0.02 * len(posts)
    assert run.played.pages <= 0.02 * len(posts)
