"""Which texts are complaints, and which answer belongs to which; weeks small enough to be counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.complaints import complaint_week, cues_of
from analysis.cue_files import CueGroup
from stormcone.config import AccountSettings, BrandSettings, KindSettings
from stormcone.models import Gap, Mention, ScoredMention
from stormcone.models.complaints import Answering, AnsweringAccount, ComplaintTalk, ComplaintWeek, Sign
from stormcone.models.weeks import IsoWeek
from tests.fakes import AT, at, make_mention, make_own_post, make_scored

BRAND = BrandSettings(
    name="acme",
    accounts=(
        AccountSettings(platform="x", handle="acme"),
        AccountSettings(platform="x", handle="AcmeHelp", role="support"),
        AccountSettings(platform="x", handle="acme_boss", role="executive"),
    ),
)
WEEK = IsoWeek.of(AT, UTC)
SINCE = datetime(2026, 3, 2, tzinfo=UTC)
ON_X = AnsweringAccount(platform="x", handle="acmehelp")


def complaint(identifier: str, minutes: float = 0, **changes: Any) -> ScoredMention:
    """Return a complaint about a refund that starts a conversation of its own."""
    told = {
        "posted_at": at(minutes),
        "seen_at": at(minutes),
        "author": f"customer {identifier}",
        "text": "@acme I want my refund",
        "parent_id": None,
        "root_id": None,
    }
    return with_cues(make_scored(make_mention(identifier, **(told | changes))), "refund")


def with_cues(scored: ScoredMention, *cues: str) -> ScoredMention:
    return replace(scored, scores=replace(scored.scores, cues=cues))


def answer(identifier: str, to: str, minutes: float, **changes: Any) -> Mention:
    told = {
        "posted_at": at(minutes),
        "seen_at": at(minutes),
        "parent_id": to,
        "root_id": None,
        "account": "AcmeHelp",
        "author": "AcmeHelp",
    }
    return make_own_post(identifier, **(told | changes))


def week(
    against: Sequence[ScoredMention],
    answers: Sequence[Mention] = (),
    *,
    above: Sequence[ScoredMention] = (),
    seen: tuple[AnsweringAccount, ...] = (ON_X,),
    until: float = 1_000,
    gaps: tuple[Gap, ...] = (),
    brand: BrandSettings = BRAND,
) -> ComplaintWeek:
    talk = ComplaintTalk(
        brand="acme",
        week=WEEK,
        since=SINCE,
        until=at(until),
        against=tuple(against),
        answers=tuple(answers),
        above=tuple(above),
        seen_answering=seen,
        gaps=gaps,
    )
    return complaint_week(talk, brand, KindSettings())


def counted(found: ComplaintWeek) -> tuple[int, int, int, int]:
    figures = found.figures
    return figures.complaints, figures.answered, figures.open, figures.unknown


def test_a_week_is_what_is_counted_by_hand() -> None:
    against = [complaint(str(number), number * 60) for number in range(5)]  # 12:00, 13:00 ... 16:00
    answers = [answer("a0", "0", 10), answer("a1", "1", 90), answer("a2", "2", 320)]
    found = week(against, answers)
    assert counted(found) == (5, 3, 2, 0)
    figures = found.figures
    assert figures.rate is not None
    assert (figures.rate.value, figures.rate.n) == (0.6, 5)
    # Wilson, z = 1.2816: middle (0.6 + 0.1642) / 1.3285, reach 1.2816 * sqrt(0.24/5 + 1.6424/100) / 1.3285
    assert (round(figures.rate.low, 3), round(figures.rate.high, 3)) == (0.33, 0.82)
    assert figures.median_minutes == 30  # of 10, 30 and 200
    assert [each.mention_id for each in found.unanswered] == ["3", "4"]
    assert (figures.longest_open_minutes, figures.median_open_minutes) == (820, 790)
    assert [(each.hour, each.figures.answered) for each in found.hours] == [(12, 1), (13, 1), (14, 1), (15, 0), (16, 0)]


def test_hours_are_those_of_the_brand() -> None:
    far = BRAND.model_copy(update={"time_zone": "Asia/Tokyo"})
    assert [each.hour for each in week([complaint("1")], brand=far).hours] == [21]


def test_where_answers_are_not_collected_nothing_is_called_unanswered() -> None:
    found = week([complaint("1"), complaint("2", platform="reddit")])
    assert counted(found) == (2, 0, 1, 1)
    reddit, on_x = found.platforms
    assert (reddit.platform, reddit.is_collected, reddit.figures.rate) == ("reddit", False, None)
    assert not reddit.figures.is_known
    assert on_x.figures.rate is not None
    assert [each.mention_id for each in found.unanswered] == ["1"]
    nowhere = week([complaint("1")], seen=())
    assert (nowhere.figures.rate, nowhere.figures.unknown, nowhere.unanswered) == (None, 1, ())


def test_an_executive_answers_for_nobody() -> None:
    boss = answer("b", "1", 5, account="acme_boss", author="acme_boss")
    found = week([complaint("1")], [boss], seen=(AnsweringAccount(platform="x", handle="Acme_Boss"),))
    assert counted(found) == (1, 0, 0, 1)


def test_an_answer_on_another_platform_or_before_the_complaint_is_none() -> None:
    elsewhere = answer("a", "1", 5, platform="reddit")
    assert counted(week([complaint("1")], [elsewhere])) == (1, 0, 1, 0)
    early = answer("a", "1", -5)
    assert counted(week([complaint("1")], [early])) == (1, 0, 1, 0)


def test_the_first_answer_counts() -> None:
    found = week([complaint("1")], [answer("a", "1", 5), answer("b", "1", 50)])
    assert found.figures.median_minutes == 5


def test_an_answer_further_down_the_conversation_answers_it() -> None:
    between = make_scored(
        make_mention("2", author="friend", parent_id="1", root_id="1", posted_at=at(2), seen_at=at(2))
    )
    below = answer("a", "2", 9)
    assert counted(week([complaint("1")], [below], above=[between])) == (1, 1, 0, 0)
    lost = answer("a", "not stored", 9, root_id="1")
    assert counted(week([complaint("1")], [lost])) == (1, 1, 0, 0)


def test_a_statement_to_everybody_answers_nobody() -> None:
    own = make_scored(make_own_post())
    asked = complaint("1", parent_id="post-1", root_id="post-1")
    general = answer("s", "post-1", 9, root_id="post-1")
    assert counted(week([asked], [general], above=[own])) == (1, 0, 1, 0)


def test_who_goes_on_complaining_in_a_conversation_complains_once() -> None:
    own = make_scored(make_own_post())
    first = complaint("1", 0, author="ann", parent_id="post-1", root_id="post-1")
    again = complaint("2", 30, author="ann", parent_id="a", root_id="post-1")
    beside = complaint("3", 40, author="ann", parent_id="post-1", root_id="post-1")
    other = complaint("4", 50, author="bob", parent_id="post-1", root_id="post-1")
    elsewhere = complaint("5", 60, author="ann")
    late = answer("a", "3", 70, root_id="post-1")
    found = week([first, again, beside, other, elsewhere], [late], above=[own])
    assert counted(found) == (3, 1, 2, 0)
    assert found.figures.median_minutes == 70  # from her first words
    assert {each.author for each in found.unanswered} == {"ann", "bob"}


def test_what_began_last_week_is_no_complaint_of_this_one() -> None:
    begun = complaint("1", -5_000, author="ann")
    again = complaint("2", 5, author="ann", parent_id="1", root_id="1")
    other = complaint("3", 6, author="bob", parent_id="1", root_id="1")
    assert [each.author for each in week([again, other], above=[begun]).unanswered] == ["bob"]


def test_nobody_knows_who_wrote_so_each_counts() -> None:
    found = week([complaint("1", author=None), complaint("2", author=None)], [answer("a", "2", 5)])
    assert counted(found) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"author": "ACME"},
        {"author": "acme_boss"},
        {"text": "RT @somebody: I want my refund"},
    ],
)
def test_the_brand_itself_and_reposts_do_not_complain(changes: dict[str, Any]) -> None:
    assert counted(week([complaint("1", **changes)])) == (0, 0, 0, 0)


def test_copies_and_friendly_words_do_not_complain() -> None:
    one = complaint("1")
    copy = replace(one, vote=replace(one.vote, is_copy=True))
    friendly = with_cues(make_scored(make_mention("2"), hostility=0.25), "refund")
    assert counted(week([copy, friendly])) == (0, 0, 0, 0)


def test_a_wave_of_the_same_words_does_not_complain() -> None:
    script = "they charged me twice and nobody ever answers so never buy from acme {}"
    wave = [complaint(str(n), n / 10, text=script.format(word)) for n, word in enumerate(["again", "please", "ever"])]
    single = complaint("9", 1, text="you charged me twice for one pair of shoes last Monday and I want it back")
    assert [each.mention_id for each in week([*wave, single]).unanswered] == ["9"]


@pytest.mark.parametrize(
    ("text", "cue", "sign"),
    [
        ("@acme where is my order?", "lies", Sign.EXPERIENCE),  # a customer, however angry
        ("@ACME! my order is two weeks late", "lies", Sign.EXPERIENCE),
        ("my order from them is two weeks late", "lies", None),  # to nobody
        ("@acmehelpers where is my order?", "lies", None),  # to another account
        ("@acme why is the app so slow?", None, Sign.QUESTION),
        ("@acme why is the app so slow", None, None),  # asks nothing
        ("@acme why is the app so slow https://acme.example/?id=1", None, None),  # only its link has the mark
        ("@acme who approved this?", "who approved this", None),  # wants no answer
        ("@acme ???", None, None),  # says nothing
    ],
)
def test_to_the_brand_customers_tell_and_ask(text: str, cue: str | None, sign: Sign | None) -> None:
    asked = with_cues(complaint("1", text=text), *([cue] if cue else []))
    found = week([asked])
    assert [each.sign for each in found.unanswered] == ([sign] if sign else [])


def test_the_cue_of_the_test_is_one_of_anger() -> None:
    assert {"lies", "who approved this"} <= cues_of(frozenset(CueGroup) - {CueGroup.SERVICE})


def test_below_an_own_post_a_question_is_to_the_brand() -> None:
    asked = with_cues(complaint("1", text="where is my order?", parent_id="post-1", root_id="post-1"))
    assert week([asked], above=[make_scored(make_own_post())]).figures.complaints == 1
    assert week([asked]).figures.complaints == 0


def test_erased_words_still_count_where_a_cue_was_kept() -> None:
    kept = complaint("1", text="", author=None)
    gone = with_cues(complaint("2", text="", author=None), "contempt")
    found = week([kept, gone])
    assert (found.figures.complaints, found.unread) == (1, 1)


def test_gaps_of_a_platform_are_named() -> None:
    def gap(platform: str, start: float, end: float, brand: str | None = None) -> Gap:
        return Gap(platform=platform, brand=brand, started_at=at(start), ended_at=at(end))

    gaps = (gap("x", 0, 60), gap("x", 30, 120), gap("x", 900, 5_000), gap("x", 0, 600, "other"), gap("reddit", 0, 60))
    (on_x,) = week([complaint("1")], gaps=gaps).platforms
    assert on_x.gap_hours == pytest.approx(2 + 100 / 60)


def test_a_conversation_that_answers_itself_ends() -> None:
    one = complaint("1", parent_id="2", root_id="2")
    two = complaint("2", 1, parent_id="1", root_id="1")
    assert counted(week([one, two], [answer("a", "1", 5)])) == (2, 2, 0, 0)


def test_a_week_without_a_word_is_no_rate() -> None:
    found = week([])
    assert (found.figures.rate, found.figures.median_minutes, found.unanswered, found.hours) == (None, None, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "\x00?",
        "\ud800 my order?",
        "\u202e?redro ym",
        "?" * 1_000_000,
        "@acme " * 200_000,
        "😡" * 10_000,
        "=1+1?",
        "@" * 50_000,
    ],
)
def test_hostile_texts_are_read_all_the_same(text: str) -> None:
    found = week([complaint("1", text=text), with_cues(complaint("2", 1, text=text))])
    assert found.figures.complaints >= 1


def test_answers_are_counted_up_to_the_instant_asked_for() -> None:
    found = week([complaint("1")], until=30)
    (one,) = found.unanswered
    assert (one.answering, one.waited_minutes) == (Answering.OPEN, 30.0)
    assert found.measured_at == AT + timedelta(minutes=30)
