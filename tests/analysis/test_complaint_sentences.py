from analysis.answer_figures import figures_of
from analysis.complaint_sentences import complaint_sentences
from stormcone.models.complaints import Answering, Complaint, ComplaintWeek, PlatformAnswers, Sign
from stormcone.models.weeks import IsoWeek
from tests.fakes import AT, at


def complaint(minutes: float, answering: Answering) -> Complaint:
    return Complaint(
        platform="x",
        mention_id="1",
        author="ann",
        posted_at=AT,
        text="where is it?",
        url=None,
        sign=Sign.QUESTION,
        answering=answering,
        waited_minutes=minutes,
    )


def week(*complaints: Complaint, gap_hours: float = 0.0, is_collected: bool = True, **changes: int) -> ComplaintWeek:
    figures = figures_of(complaints)
    platform = PlatformAnswers(platform="x", is_collected=is_collected, figures=figures, gap_hours=gap_hours)
    return ComplaintWeek(
        brand="acme",
        week=IsoWeek(year=2026, week=10),
        measured_at=at(60),
        figures=figures,
        platforms=(platform,),
        hours=(),
        unanswered=(),
        unread=changes.get("unread", 0),
        is_cut=bool(changes.get("is_cut", 0)),
    )


def test_a_week_is_told_in_calm_sentences() -> None:
    answered = [complaint(minutes, Answering.ANSWERED) for minutes in (10, 30, 200)]
    waiting = [complaint(minutes, Answering.OPEN) for minutes in (60, 600, 6_000)]
    assert complaint_sentences(week(*answered, *waiting, gap_hours=2.25)) == (
        "6 complaints in 2026-W10.",
        "3 of 6 were answered in public: 50 % (likely 27 to 73 %).",
        "Half of the answered ones had their first answer within 30 min.",
        "3 are still without an answer, half of them for more than 10 h 0 min: the longest for 4 d 4 h.",
        "x: 2.2 h were not, or not all, collected; an answer may be missing.",
        "Answers in private messages are not seen.",
    )


def test_one_that_waits_is_told_as_one() -> None:
    assert complaint_sentences(week(complaint(47, Answering.OPEN)))[2] == "1 is still without an answer: for 47 min."


def test_what_is_unknown_is_never_told_as_nought() -> None:
    told = " ".join(complaint_sentences(week(complaint(60, Answering.UNKNOWN), is_collected=False)))
    assert "whether 1 complaint was answered is unknown" in told
    assert "0 %" not in told


def test_a_calm_week_is_told_as_calm() -> None:
    assert complaint_sentences(week()) == ("No complaint was found in 2026-W10.",)


def test_what_was_not_read_is_named() -> None:
    told = complaint_sentences(week(unread=3, is_cut=1))
    assert "3 texts against the brand can no longer be read; what they said is unknown." in told
    assert "There was more against the brand than is read at once; the end of the week is not counted." in told
