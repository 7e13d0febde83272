"""Statements are filled from facts, once; what nobody knows stays open; strangers' words are bare words."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from analysis.draft_check import check_draft
from stormcone.config import PlaybookSettings, StatementTemplate
from stormcone.config.playbook import Slot, shipped_statements
from stormcone.errors import UsageError
from stormcone.explanation_lines import StoredExplanation
from stormcone.models import Cause, Incident, Kind, Topic
from stormcone.models.drafts import Draft
from stormcone.statements import OPEN, Statement, fill, languages, statements_for
from tests.fakes import make_transition

HELSINKI = ZoneInfo("Europe/Helsinki")
NASTY = (
    "\u202egnp\x00{brand}",
    "![x](http://evil.test/a)",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "😡" * 10_000,
    "a" * 1_000_000,
    "www.evil.test",
    "evil.test",
    "\ud800 half",
    "**bold** _x_ @someone #tag $x$",
)


def incident(kind: Kind = Kind.BACKLASH, **changes: object) -> Incident:
    return replace(make_transition().incident, kind=kind, **changes)  # type: ignore[arg-type]  # fields by name


def about(*phrases: str) -> StoredExplanation:
    topics = tuple(Topic(phrase=each, z=5.0, count=9) for each in phrases)
    return StoredExplanation(
        texts=9,
        phrases=topics,
        rule=None,
        known_share=0.0,
        first_amplifier=None,
        top_reach=(),
        exemplars=(),
        would_change=(),
    )


def own(text: str, *, language: str = "en", kind: Kind | None = None, cause: Cause | None = None) -> PlaybookSettings:
    template = StatementTemplate(language=language, kind=kind, cause=cause, text=text)
    return PlaybookSettings(statements=(template,))


def filled(playbook: PlaybookSettings, **given: object) -> Statement:
    return statements_for(incident(), playbook, zone=HELSINKI, **given)[0]  # type: ignore[arg-type]  # keywords pass through


def test_facts_fill_their_slots_in_the_brand_s_time() -> None:
    playbook = own("{brand} {date} {time} {platform}: {topic} {{x}}")
    statement = filled(playbook, explanation=about("school books"))
    assert statement.text == "acme 2026-03-02 14:00 x: school books {x}"
    assert statement.open_slots == ()
    assert statement.notes == ("The topic is in the words of strangers: read it before you publish.",)


def test_what_nobody_knows_stays_open_and_a_person_is_told() -> None:
    statement = filled(own("{what_we_know}. {topic} {channel_for_help} {next_update} {next_update}"))
    assert statement.text == f"{OPEN}. {OPEN} {OPEN} {OPEN} {OPEN}"
    assert statement.open_slots == (Slot.WHAT_WE_KNOW, Slot.TOPIC, Slot.CHANNEL_FOR_HELP, Slot.NEXT_UPDATE)
    assert len(statement.notes) == 4
    assert "next_update" in statement.notes[3]
    assert "for a person to fill" in statement.notes[3]


def test_what_only_a_person_can_promise_is_open_in_every_shipped_statement() -> None:
    playbook = PlaybookSettings(channel_for_help="help.example")
    for language in languages(playbook):
        for kind in Kind:
            for cause in (None, *Cause):
                for each in statements_for(
                    incident(kind), playbook, zone=HELSINKI, language=language, cause=cause, explanation=about("books")
                ):
                    assert set(each.open_slots) <= {Slot.WHAT_WE_KNOW, Slot.NEXT_UPDATE}
                    assert each.text.count(OPEN) == len(each.open_slots)
                    assert each.text.endswith("acme")


def test_no_shipped_statement_would_be_flagged_as_a_draft_once_it_is_filled() -> None:
    facts = dict.fromkeys(Slot, "Acme") | {Slot.TIME: "14:05", Slot.TOPIC: "school books", Slot.NEXT_UPDATE: "15:30"}
    flagged = [
        (each.language, each.kind, each.cause)
        for each in shipped_statements()
        if check_draft(Draft(text=fill(each, facts, is_own=False).text, lang=each.language)).flags
    ]
    assert flagged == []


@pytest.mark.parametrize("nasty", NASTY)
def test_strangers_bring_bare_words_or_nothing(nasty: str) -> None:
    text = filled(own("<{topic}>"), explanation=about(nasty)).text
    assert len(text) <= 64
    assert text.isprintable()
    inside = text.removeprefix("<").removesuffix(">")
    assert inside == OPEN or not set(inside) & set("<>{}[]()*_@#$:=./\\")
    assert "acme" not in inside


def test_the_next_phrase_is_taken_where_the_first_is_an_address() -> None:
    assert filled(own("{topic}"), explanation=about("https://evil.test", "school books")).text == "school books"


def test_a_value_is_never_read_as_a_template() -> None:
    playbook = PlaybookSettings(
        channel_for_help="write to {brand}", statements=(StatementTemplate(language="en", text="{channel_for_help}"),)
    )
    assert filled(playbook).text == "write to {brand}"


def test_lines_of_a_statement_stay_lines() -> None:
    assert filled(own("{brand}:\n\n{topic}\n")).text == f"acme:\n\n{OPEN}"


def test_a_team_s_own_statement_comes_first_and_the_cause_before_the_kind() -> None:
    playbook = own("ours {brand}", kind=Kind.BACKLASH)
    found = statements_for(incident(), playbook, zone=HELSINKI, cause=Cause.HACKED)
    assert [(each.is_own, each.cause, each.kind) for each in found] == [
        (True, None, Kind.BACKLASH),
        (False, Cause.HACKED, None),
        (False, None, Kind.BACKLASH),
    ]


def test_a_statement_for_another_cause_or_kind_is_not_offered() -> None:
    playbook = own("ours", kind=Kind.SERVICE, cause=Cause.HACKED)
    assert not any(each.is_own for each in statements_for(incident(), playbook, zone=HELSINKI, cause=Cause.HACKED))
    assert not any(each.is_own for each in statements_for(incident(Kind.SERVICE), playbook, zone=HELSINKI))


def test_praise_gets_no_crisis_statement() -> None:
    playbook = own("for anything")
    assert statements_for(incident(Kind.PRAISE), playbook, zone=HELSINKI) == ()
    assert statements_for(incident(Kind.CAMPAIGN), playbook, zone=HELSINKI) == ()


def test_the_language_is_the_one_asked_for_else_that_of_the_settings() -> None:
    playbook = PlaybookSettings(language="fi")
    assert languages(playbook) == ("fi", "en", "hu")
    assert filled(playbook).language == "fi"
    assert filled(playbook, language="hu").language == "hu"
    assert "sv" in languages(own("vi {brand}", language="sv"))


def test_a_language_nobody_wrote_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'sv'.*en, fi, hu"):
        filled(PlaybookSettings(), language="sv")
