"""The text a person reads at night: everything needed, in order, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from alerts.message import Message, build_message
from alerts.plain_text import plain_text, subject
from stormcone.models import Action, Advice, Because, Evidence, Moment, Recipient, Transition, Verdict


def message_of(transition: Transition, evidence: tuple[Evidence, ...] = ()) -> Message:
    return build_message(
        transition,
        incident_id=7,
        recipient=Recipient(channel="mail", person="ann"),
        public_url="http://127.0.0.1:8501",
        step=0,
        evidence=evidence,
    )


def test_text_says_what_how_fast_why_and_what_to_do_by_when(
    make_transition: Callable[..., Transition], make_evidence: Callable[[str], Evidence]
) -> None:
    text = plain_text(message_of(make_transition(), (make_evidence("never again"), make_evidence("shame"))))
    assert text == (
        "acme: replies turn against a post (page, severity 4 of 5, backlash, on post x 123)\n"
        "This is new. 2026-11-21 22:10 UTC.\n"
        "\n"
        "The figures are complete: every source answered and there is enough history to compare with.\n"
        "42 mentions a minute over the last 30 minutes; 200 distinct voices where 12 is usual, 70% of them against the "
        "brand.\n"
        "\n"
        "Why:\n"
        "- 42 replies a minute where 3 are usual\n"
        "- 70 % speak against the brand where 10 % is usual\n"
        "\n"
        "Advice: hold within 30 minutes, by 22:40 UTC. The cause is not known yet.\n"
        "\n"
        "Expected from here: 120 more mentions in 1 h (80 to 310).\n"
        "\n"
        "What people say:\n"
        "- never again\n"
        "- shame\n"
        "\n"
        "Incident: http://127.0.0.1:8501/incidents?incident=7\n"
    )


def test_what_is_not_known_is_left_out(make_transition: Callable[..., Transition]) -> None:
    text = plain_text(message_of(replace(make_transition(Moment.RESOLVED, post=None), verdict=None)))
    assert text == (
        "acme: replies turn against a post (page, severity 4 of 5, backlash, about the brand)\n"
        "This is over. 2026-11-21 22:10 UTC.\n"
        "\n"
        "Incident: http://127.0.0.1:8501/incidents?incident=7\n"
    )


def test_advice_without_a_deadline_names_none(
    make_transition: Callable[..., Transition], make_verdict: Callable[..., Verdict]
) -> None:
    advice = Advice(
        action=Action.STAND_BY, within_minutes=0, because=(Because(rule="r", text="It is praise.", source="s"),)
    )
    text = plain_text(message_of(make_transition(verdict=make_verdict(advice=advice))))
    assert "Advice: stand by. It is praise.\n" in text


@pytest.mark.parametrize("moment", [Moment.DIGEST, Moment.SUMMARY])
def test_text_of_several_lists_what_happened(make_transition: Callable[..., Transition], moment: Moment) -> None:
    lines = plain_text(message_of(make_transition(moment))).splitlines()
    assert lines[0] == "acme: replies turn against a post"
    assert "What happened:" in lines
    assert "Why:" not in lines


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_has_words(make_transition: Callable[..., Transition], moment: Moment) -> None:
    assert "UTC." in plain_text(message_of(make_transition(moment)))


@pytest.mark.parametrize(
    ("moment", "label"), [(Moment.OPENED, "page"), (Moment.ESCALATED, "page"), (Moment.RESOLVED, "resolved")]
)
def test_subject_says_the_level_or_the_end(
    make_transition: Callable[..., Transition], moment: Moment, label: str
) -> None:
    assert subject(message_of(make_transition(moment))) == f"[{label}] acme: replies turn against a post"


def test_subject_is_one_short_line(make_transition: Callable[..., Transition]) -> None:
    line = subject(message_of(make_transition(headline="acme\r\nBcc: all@x.test " + "x" * 10**5)))
    assert len(line) == 160
    assert "\n" not in line
    assert "\r" not in line
