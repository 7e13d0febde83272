"""The draft check as a whole: worked examples, every rule by name, what must stay unflagged, and hostile texts."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.draft_check import check_draft
from analysis.draft_check.checking import findings_of, languages_of, load_checker
from analysis.draft_check.judging import meets
from stormcone.cli.draft_lines import draft_of
from stormcone.models.drafts import Draft, DraftAdvice, DraftAudience, DraftCategory, DraftProfile, Industry, Tone

TABLE = [json.loads(line) for line in (Path(__file__).parent / "rules.jsonl").read_text(encoding="utf-8").splitlines()]
ALPHABET = "a \u0431 \x00 \ud800 \u202e \u0301 😂 # [ { < * \n 9/11"

WORKED: list[tuple[dict[str, Any], set[str]]] = [
    ({"text": "Is the *** going out today *** need copy and link ***"}, {"placeholder"}),
    (
        {
            "text": "The other side would rather have heard Laurel than our guns last night",
            "profile": {"industry": "military", "controversies": ["air strikes"]},
            "news": ["Air strike kills 28"],
        },
        {"tone_deaf"},
    ),
    (
        {
            "text": "Two weeks of dog sledding, and next stop space with my own rocket firm! #EarthDay",
            "role": "executive",
            "at": "2026-04-22T12:00:00Z",
            "news": ["Warehouse staff: we cannot live on this pay"],
        },
        {"self_promotion_on_solemn_day", "known_controversy"},
    ),
    (
        {
            "text": "Do you have a great picture of one of our products? Tag us, we may show it on #WorldPhotoDay",
            "profile": {"industry": "arms", "controversies": ["civilian deaths"]},
        },
        {"solicits_ugc_on_controversy"},
    ),
    (
        {
            "text": "Which would you rather: slap one singer or punch the other?",
            "profile": {"industry": "tech", "audience": "general"},
        },
        {"tone_deaf"},
    ),
    (
        {
            "text": "Reply with any sentence and our bot turns it into a cute picture! {{user_text}} #SayItNice",
            "automated": True,
        },
        {"risky_hashtag_hijack"},
    ),
    ({"text": "Copy and link in bio: our killer deal on winter tyres", "profile": {"industry": "retail"}}, set()),
]


def draft(row: dict[str, Any]) -> Draft:
    return draft_of(row, lambda _: DraftProfile())


@pytest.mark.parametrize(("row", "wanted"), WORKED, ids=[row["text"][:30] for row, _ in WORKED])
def test_worked_examples_get_their_categories(row: dict[str, Any], wanted: set[str]) -> None:
    verdict = check_draft(draft(row))
    said = {flag.category.value for flag in verdict.flags if flag.risk >= 0.5}
    assert wanted <= said
    assert verdict.is_flagged is bool(wanted)
    assert not wanted or verdict.flags[0].category.value in wanted


@pytest.mark.parametrize("row", TABLE, ids=[row["rule"] for row in TABLE])
def test_rule_speaks_on_its_example(row: dict[str, Any]) -> None:
    rule = next(rule for rule in load_checker().rules if rule.name == row["rule"])
    met = meets(rule, findings_of(draft(row["draft"])))
    assert met is not None
    assert "{" not in rule.why.format(*("word" for _ in met))


def test_every_rule_has_an_example() -> None:
    assert {rule.name for rule in load_checker().rules} == {row["rule"] for row in TABLE}


def test_every_category_has_a_rule() -> None:
    assert {rule.category for rule in load_checker().rules} == set(DraftCategory)


@pytest.mark.parametrize(
    "text",
    [
        "Strike a balance: half price, full taste",
        "Our team will shoot photos on Sunday",
        "Safety notice: do not open the cover, risk of fire. Call 0800 555 010.",
        "We are deeply saddened by the death of our colleague Maria.",
        "We are sorry. The post was hurtful, and we have removed it.",
        "Correction: the sale ends on Saturday, not on Sunday.",
        "Mély megrendüléssel értesültünk kollégánk haláláról.",
        "Bocsánatot kérünk, a bejegyzés sértő volt, töröltük.",
        "Tappavan hyvä tarjous talvirenkaista",
        "Pyydämme anteeksi. Poistimme julkaisun.",
        "",
    ],
)
def test_harmless_draft_stays_unflagged(text: str) -> None:
    assert not check_draft(Draft(text=text)).is_flagged


def test_line_runs_elsewhere_for_adults_with_an_edgy_brand() -> None:
    text = "Holy shit, the burger is back"
    edgy = DraftProfile(audience=DraftAudience.ADULTS, tone=Tone.EDGY)
    assert check_draft(Draft(text=text)).flags[0].category is DraftCategory.AUDIENCE_INAPPROPRIATE
    assert not check_draft(Draft(text=text, profile=edgy)).is_flagged


def test_call_for_pictures_is_harmless_until_there_is_a_controversy() -> None:
    text = "Post a selfie with one of our trucks and win a cap"
    mine = DraftProfile(industry=Industry.RETAIL, controversies=("driver pay",))
    assert not check_draft(Draft(text=text, profile=DraftProfile(industry=Industry.RETAIL))).is_flagged
    assert check_draft(Draft(text=text, profile=mine)).flags[0].category is DraftCategory.SOLICITS_UGC


def test_date_counts_only_where_the_draft_says_when_it_goes_out() -> None:
    text = "Our prices come crashing down today"
    on_the_day = Draft(text=text, at=datetime(2026, 9, 11, 12, tzinfo=UTC))
    day_after = Draft(text=text, at=datetime(2026, 9, 12, 12, tzinfo=UTC))
    assert DraftCategory.SENSITIVE_DATE in {flag.category for flag in check_draft(on_the_day).flags}
    assert not check_draft(day_after).is_flagged
    assert not check_draft(Draft(text=text)).is_flagged


def test_news_turn_a_pun_into_newsjacking() -> None:
    text = "Earth-shaking prices this week"
    assert not check_draft(Draft(text=text)).is_flagged
    verdict = check_draft(Draft(text=text, news=("Earthquake kills 300",)))
    assert verdict.flags[0].category is DraftCategory.NEWSJACKING


def test_flags_are_strongest_first_at_most_four_and_one_a_category() -> None:
    text = "fuck off you idiots, [NAME] do not publish, we know where you live, 20% off after the earthquake 😂 retards"
    flags = check_draft(Draft(text=text, in_reply_to="hello")).flags
    assert len(flags) == 4
    assert [flag.risk for flag in flags] == sorted((flag.risk for flag in flags), reverse=True)
    assert len({flag.category for flag in flags}) == 4


@pytest.mark.parametrize(
    "hidden", ["L\u200borem ip\u00adsum", "L\u043erem \u0456psum", "Lo\u0301\u0302\u0303\u0300rem ipsum"]
)
def test_hidden_words_are_found_and_marked_in_the_given_text(hidden: str) -> None:
    text = f"\u202eOh: {hidden} dolor"
    flag = check_draft(Draft(text=text)).flags[0]
    assert flag.category is DraftCategory.PLACEHOLDER
    assert flag.span is not None
    assert text[slice(*flag.span)] == hidden


@pytest.mark.parametrize("sign", ALPHABET.split(" "))
def test_megabyte_of_anything_is_read_quickly(sign: str) -> None:
    started = time.process_time()
    verdict = check_draft(Draft(text=f"{sign} " * 400_000 if sign else "x" * 1_000_000, news=("War kills",)))
    assert time.process_time() - started < 3
    assert verdict.advice in DraftAdvice


def test_sentences_can_be_printed_whatever_the_draft_holds() -> None:
    verdict = check_draft(Draft(text="Hi [FIRST\u202e NAME] \x1b[31m we know where you \x00live"))
    assert verdict.flags
    assert all(flag.why.isprintable() for flag in verdict.flags)


def test_same_draft_gets_the_same_verdict() -> None:
    same = Draft(text="Riots downtown: spring sale online now 😂", news=("Riots leave four dead",))
    assert check_draft(same) == check_draft(same)


def test_language_is_told_or_read_or_left_open() -> None:
    assert languages_of("whatever", "fi") == ("fi",)
    assert languages_of("whatever", "pl") == ()
    assert languages_of("Köszönjük a türelmet, a vonatok újra járnak", None) == ("hu",)
    assert set(languages_of("😂", "und")) == {"en", "hu", "fi"}
