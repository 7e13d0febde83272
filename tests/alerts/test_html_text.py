"""The HTML half of a mail: the plain text to the letter, escaped, with one picture and our links."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from alerts.html_text import html_text
from alerts.message import Message, build_message
from alerts.plain_text import plain_text
from stormcone.models import Evidence, Recipient, Transition


@pytest.fixture
def message(make_transition: Callable[..., Transition], make_evidence: Callable[[str], Evidence]) -> Message:
    evil = '<img src="http://evil.test/a.png"> <a href=\'http://evil.test\'>evil.test</a> & "'
    built = build_message(
        make_transition(headline=f"acme: {evil}"),
        incident_id=7,
        recipient=Recipient(channel="mail", person="ann"),
        public_url="https://ours.example",
        step=0,
        evidence=(make_evidence(evil),),
    )
    return replace(built, links=replace(built.links, acknowledge="https://ours.example/ack/a.b-1"))


def test_html_says_what_the_text_says(message: Message) -> None:
    html = html_text(message, picture="p@ours.example", description="a chart")
    shown = unescape(re.sub("<[^>]*>", "", html.replace("</p>", "\n")))
    assert [line for line in shown.splitlines() if line] == [line for line in plain_text(message).splitlines() if line]


def test_html_loads_nothing_and_links_to_us_only(message: Message) -> None:
    html = html_text(message, picture="p@ours.example", description='"><script>')
    assert re.findall(r'(?:src|href)="([^"]*)"', html) == [
        "cid:p@ours.example",
        "https://ours.example/incidents?incident=7",
        "https://ours.example/ack/a.b-1",
    ]
    assert re.findall(r"<(\w+)", html.replace("<!DOCTYPE html>", "")).count("img") == 1
    assert "<script" not in html
    assert "evil.test" not in html
    assert 'alt="&quot;&gt;&lt;script&gt;"' in html


def test_html_has_no_colours_of_its_own(message: Message) -> None:
    assert "color" not in html_text(message, picture="p", description="d")
