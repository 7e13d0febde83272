"""What a message says of the matter and its carriers: one harmless line."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from alerts.message import build_message, from_json, to_json, webhook_json
from alerts.plain_text import plain_text
from alerts.sentences import about_of
from stormcone.models import Explanation, Recipient, Topic, Transition, Verdict
from tests.stormcone.explained import EXPLANATION, LOUD


def with_phrase(phrase: str, author: str = "loud") -> Explanation:
    carrier = replace(LOUD, author=author)
    carriers = replace(EXPLANATION.carriers, first_amplifier=carrier, top_reach=(carrier,))
    return replace(EXPLANATION, phrases=(Topic(phrase=phrase, z=4, count=3),), carriers=carriers)


def test_the_matter_and_its_carriers_are_one_sentence() -> None:
    assert about_of(EXPLANATION) == "About: school books; carried by loud (120,000 followers)."


def test_of_several_the_first_and_the_largest_are_named() -> None:
    tops = tuple(replace(LOUD, author=name, followers=n) for name, n in (("Huge", 900_000), ("big", 500_000)))
    carriers = replace(EXPLANATION.carriers, top_reach=(*tops, LOUD))
    assert about_of(replace(EXPLANATION, phrases=(), carriers=carriers)) == (
        "Carried by loud (120,000 followers) and Huge (900,000 followers)."
    )


def test_what_is_not_known_is_left_out() -> None:
    nobody = replace(EXPLANATION.carriers, first_amplifier=None, top_reach=())
    assert about_of(replace(EXPLANATION, carriers=nobody)) == "About: school books."
    assert about_of(replace(EXPLANATION, phrases=(), carriers=nobody)) == ""


def test_a_notice_says_what_it_is_about(
    make_transition: Callable[..., Transition], make_verdict: Callable[..., Verdict]
) -> None:
    message = build_message(
        make_transition(verdict=make_verdict(explanation=EXPLANATION)),
        incident_id=7,
        recipient=Recipient(channel="mail", person="ann"),
        public_url="http://host:1",
        step=0,
        evidence=(),
    )
    assert message.about == "About: school books; carried by loud (120,000 followers)."
    assert from_json(to_json(message)) == message
    assert f"against the brand.\n{message.about}\n\nWhy:" in plain_text(message)
    assert b"school books" not in webhook_json(message)  # the contract's fields only


@pytest.mark.parametrize(
    "hostile", ["\x00evil", "\ud800", "\u202eevil", "a\r\nBcc: all@x.test", "http://evil.test/x", "x" * 100_000]
)
def test_hostile_words_stay_one_short_harmless_line(
    make_transition: Callable[..., Transition], make_verdict: Callable[..., Verdict], hostile: str
) -> None:
    verdict = make_verdict(explanation=with_phrase(hostile, author=hostile))
    message = build_message(
        make_transition(verdict=verdict),
        incident_id=7,
        recipient=Recipient(channel="mail"),
        public_url="http://host:1",
        step=0,
        evidence=(),
    )
    assert message.about is not None
    assert len(message.about) <= 280
    assert not set(message.about) & set("\x00\ud800\u202e\r\n")
    assert "http://evil" not in message.about


def test_a_message_stored_before_explanations_still_reads(make_transition: Callable[..., Transition]) -> None:
    message = build_message(
        make_transition(), incident_id=7, recipient=Recipient(channel="m"), public_url="", step=0, evidence=()
    )
    assert message.about is None
    assert from_json(to_json(message).replace('"about":null,', "")) == message
