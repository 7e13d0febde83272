"""The scorer as a whole: shares, compound, cues and confidence together, in several languages, whatever is written."""

import time
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.scoring.linear import UNREAD
from analysis.scoring.scorer import LinearScorer
from stormcone.models import NOTHING_KNOWN, Confidence, Mention, Scores, Surroundings
from stormcone.ports import Scorer

AT = datetime(2026, 3, 1, tzinfo=UTC)
SCORER: Scorer = LinearScorer()
ORIGINAL = SentimentIntensityAnalyzer()


def mention(text: str, lang: str | None = None, parent: str | None = None, author: str | None = None) -> Mention:
    return Mention(
        platform="x",
        id="1",
        brand="acme",
        posted_at=AT,
        seen_at=AT,
        text=text,
        lang=lang,
        parent_id=parent,
        author=author,
    )


def score(text: str, lang: str | None = None, around: Surroundings = NOTHING_KNOWN) -> Scores:
    return SCORER.score([mention(text, lang, parent="p")], around)[0]


def shares(scores: Scores) -> tuple[float, float, float]:
    return scores.p_negative, scores.p_neutral, scores.p_positive


def test_shares_follow_the_words_and_add_up_to_one() -> None:
    angry, plain, happy = (score(text) for text in ("I hate this, awful", "The shop opens at nine", "I love it, great"))
    assert angry.p_negative > 0.6 > plain.p_negative > happy.p_negative
    assert happy.p_positive > 0.6 > plain.p_positive > angry.p_positive
    assert all(sum(shares(scores)) == pytest.approx(1.0) for scores in (angry, plain, happy))


def test_compound_is_vaders_own_and_kept_for_english_only() -> None:
    text = "The food was great, but the staff was VERY rude!"
    assert score(text, "en").compound == ORIGINAL.polarity_scores(text)["compound"] != 0
    assert score("Das Essen war super, die Bedienung frech", "de").compound is None


def test_sarcasm_that_reads_as_praise_is_hostile_all_the_same() -> None:
    scores = score("wow. just wow, amazing. who approved this 🙃")
    assert scores.compound is not None
    assert scores.compound > 0.5
    assert scores.hostility > 0.5
    assert "who approved this" in scores.cues
    assert scores.p_against == scores.hostility


def test_friendly_reply_with_the_same_words_is_not_hostile() -> None:
    assert score("who approved this? give them a raise, it is gorgeous").hostility < 0.3
    assert score("please never delete this, it made my day").hostility < 0.3


def test_words_of_the_answered_post_turned_against_it_are_named() -> None:
    post = mention("Powering the heroes of tomorrow, today", parent=None)
    around = Surroundings(posts={("x", "p"): post})
    text = '"powering the heroes of tomorrow"? people are dead'
    assert "quotes the post" in score(text, "en", around).cues
    assert "quotes the post" not in score(text, "en").cues


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ez borzasztó, undorító volt", "hu"),
        ("Aivan kamala ja surkea päätös", "fi"),
        ("Das ist schrecklich und widerlich", "de"),
        ("Es horrible, qué asco y qué pena", "es"),
    ],
)
def test_other_languages_are_read_with_low_or_normal_confidence(text: str, lang: str) -> None:
    scores = score(text)
    assert scores.lang == lang
    assert scores.p_negative > scores.p_positive
    assert scores.confidence is (Confidence.NORMAL if lang == "es" else Confidence.LOW)


@pytest.mark.parametrize(("text", "lang"), [("これはひどい", None), ("это ужасно, ok", None), ("dit is sleg", "af")])
def test_language_without_a_model_is_said_to_be_unread(text: str, lang: str | None) -> None:
    scores = score(text, lang)
    assert scores.compound is None
    assert shares(scores) == pytest.approx(UNREAD)
    assert scores.confidence is Confidence.NONE


def test_emoji_and_borrowed_phrases_are_cues_in_every_language() -> None:
    assert "clown emoji" in score("🤡", "ja").cues


def test_short_reply_has_the_language_of_the_post_it_answers() -> None:
    around = Surroundings(posts={("x", "p"): mention("Itt az új tavaszi kollekciónk, nézzétek meg!", "hu")})
    assert score("na persze", around=around).lang == "hu"


@pytest.mark.parametrize("text", ["", "   ", "https://example.com/1", "@acme", "\x00\u202e"])
def test_text_without_words_is_unread_and_says_nothing_either_way(text: str) -> None:
    scores = score(text)
    assert shares(scores) == pytest.approx(UNREAD)
    assert (scores.compound, scores.hostility, scores.cues) == (None, 0.0, ())
    assert scores.confidence is Confidence.NONE


def test_wall_of_emoji_is_read_but_not_trusted() -> None:
    scores = score("😍😍😍")
    assert scores.p_positive > scores.p_negative
    assert (scores.lang, scores.compound, scores.confidence) == (None, None, Confidence.LOW)


def test_scores_come_in_order_and_name_their_scorer() -> None:
    texts = [("awful", "en"), ("", None), ("lovely", "en"), ("delete this", "en"), ("furchtbar", "de")]
    batch = [mention(text, lang) for text, lang in texts]
    together = SCORER.score(batch)
    for each, alone in zip(together, (SCORER.score([one])[0] for one in batch), strict=True):
        assert shares(each) == pytest.approx(shares(alone), abs=1e-6)
        assert (each.cues, each.lang, each.compound) == (alone.cues, alone.lang, alone.compound)
    assert {scores.scorer for scores in together} == {SCORER.name}
    assert SCORER.score([]) == []


def test_name_of_the_scorer_is_the_same_in_every_process() -> None:
    assert LinearScorer().name == SCORER.name


def test_fewer_configured_languages_are_the_only_ones_that_are_read() -> None:
    scorer = LinearScorer(["en", "fi"])
    assert scorer.score([mention("Aivan kamala ja surkea päätös")])[0].lang == "fi"
    german = scorer.score([mention("Das ist schrecklich und widerlich")])[0]
    assert (german.lang, german.confidence) == ("de", Confidence.NONE)
    assert shares(german) == pytest.approx(UNREAD)


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 1_000,
        "\ud800\udfff broken \udc00",
        "awful " * 200_000,
        "a" * 1_000_000,
        "\u202eevil\u2066 text\u2069" * 100,
        "z" + "\u0300\u0315" * 100_000,
        "=cmd|'/c calc'!A1",
        "<script>alert(1)</script>",
        "but " * 500,
        "who … approved nothing says imagine " * 100,
        "é" * 5_000 + "ю" * 5_000,
        "'" * 10_000,
    ],
)
def test_hostile_text_is_scored_like_any_other(text: str) -> None:
    assert sum(shares(score(text))) == pytest.approx(1.0)


@given(st.text(st.characters(), max_size=200), st.none() | st.text(max_size=6))
def test_no_text_and_no_language_tag_raises(text: str, lang: str | None) -> None:
    scores = score(text, lang)
    assert np.isfinite(shares(scores)).all()
    assert 0.0 <= scores.hostility <= 1.0


def fastest_seconds(text: str) -> float:
    """Best of several, so that a busy machine does not decide."""
    taken = []
    for _ in range(7):
        started = time.perf_counter()
        score(text)
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.mark.parametrize(
    "wall", ["😂😭🙃💀🔥😡" * 1_700, "delete this " * 90_000, "x" * 1_000_000, "nothing says " * 80_000]
)
def test_a_wall_costs_little_more_than_a_long_post(wall: str) -> None:
    assert fastest_seconds(wall) < 10 * fastest_seconds(wall[:1_000])
