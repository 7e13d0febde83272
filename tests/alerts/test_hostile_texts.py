"""Ten thousand hostile texts through everything that builds what a person reads.

Whatever strangers write, a message calls nobody, links nowhere but to us, hides nothing, crashes nothing and stays
within what each platform takes. The texts are made of the tricks known to us, in any order, by a seeded generator.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from alerts.channels.console import console_line
from alerts.channels.discord import discord_json
from alerts.channels.email import Email, EmailSettings
from alerts.channels.pagerduty import pagerduty_json
from alerts.channels.slack import slack_json
from alerts.channels.teams import teams_json
from alerts.channels.telegram import telegram_json
from alerts.html_text import html_text
from alerts.message import Message, build_message, webhook_json
from alerts.plain_text import plain_text, subject
from alerts.short_text import short_text
from stormcone.models import Advice, Axis, Because, Evidence, Notice, Reading, Recipient, Transition, Verdict

BLOCKS = 10
TEXTS_PER_BLOCK = 1000
PUBLIC_URL = "https://ours.example"
LINKS = (f"{PUBLIC_URL}/incidents?incident=7", f"{PUBLIC_URL}/ack/abc.DEF-1")
MEGABYTE = 10**6

FRAGMENTS = (
    *("@everyone", "@here", "@channel", "<!channel>", "<!here|x>", "<!subteam^S1>", "<@U123>", "<#C123>", "<@&99>"),
    *("<@!42>", "@acme", "\uff20all", "<at>all</at>", "tg://user?id=1", "/start@bot", "<mailto:a@b.test|a>"),
    *("http://evil.test/a", "HTTPS://EVIL.test", "hxxp://evil.test", "//evil.test", "www.evil.test", "evil.test"),
    *(
        "evil.example.com",
        "EVIL.Co.Uk/a?b",
        "sub.evil.xn--p1ai",
        "i\u2764.ws",
        "1.0.evil.com",
        "2.0.rc1",
        "e.g. this.Next",
    ),
    *("ftp://evil.test", "evil\u3002test", "http://evil\uff0etest", "10.0.0.1", "http://[::1]/", "ev\u200bil.test"),
    *("ht\u202dtp://evil.test", "h\x00ttps://evil.test", "https:\u2060//evil.test", "a@evil.test", "discord.gg/evil"),
    *("![x](http://evil.test/p.png)", "[x](https://evil.test)", "[x]: http://evil.test", "<http://evil.test|ok>"),
    *(
        '<img src="http://evil.test">',
        "<script>alert(1)</script>",
        "<a href='http://evil.test'>x</a>",
        "&lt;!channel&gt;",
    ),
    *("```", "`", "**", "__", "~~", "||", "> ", "# ", "- ", "1. ", "\\", "\\\\[", "\\@everyone", "{{DATE(1)}}", "${x}"),
    *(
        '=HYPERLINK("http://evil.test")',
        "+1+1",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r\nBcc: all@evil.test\r\n",
        "\n\n",
        "\n- x",
    ),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u061c", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028"),
    *(
        "\x00",
        "\x1b[2J",
        "\x07",
        "\x7f",
        "\x85",
        "\ud800",
        "\udfff",
        "\ud83d",
        "\uffff",
        "\ufffe",
        "\U000e0041\U000e007f",
    ),
    *("Z" + "\u0300\u0489" * 40, "a" + "\u0903" * 30, "\U0001f621" * 60, "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    *(
        "acme",
        "boycott",
        "",
        " ",
        "%s%n",
        "{0}",
        "'; DROP TABLE x;--",
        "\u05e9\u05dc\u05d5\u05dd",
        "пример.рф",
        "恶意.网络",
    ),
    *("x" * 300, "& " * 200, "*" * 280, "<" * 280, "@" * 280, ".aa" * 100, "]" * 280),
)
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Searched in small letters. An address of ours is taken out before; "hxxp://" is what a dead one looks like.
ADDRESS = re.compile(r"(?<!hxxp)(?<!hxxps)://|www\.")
SCHEME = re.compile(r"mailto:")
# A dot between what may be a host and its ending; of numbers only "2.0.rc1" and the like may be a version.
BARE = re.compile(
    r"(?<=[\w-])(?!(?<=\d)\.(?:rc|alpha|beta)\d*\b)(?:[.\uff0e]|(?<![\u4e00-\u9fff])[\u3002\uff61])(?:xn--|[^\W\d_]{2,})"
    r"|(?<=\d)\.\d+\.\d+\.\d"
)
CALL = re.compile("[@\uff20][^\u200b]")


@pytest.fixture
def build(
    make_transition: Callable[..., Transition],
    make_verdict: Callable[..., Verdict],
    make_evidence: Callable[[str], Evidence],
) -> Callable[..., Message]:
    """Return what makes a message that holds one text wherever a stranger's words can stand."""

    def make(text: str, copies: int = 1) -> Message:
        reading = Reading(signal="against", axis=Axis.COMPOSITION, value=1.0, expected=0.1, text=text)
        because = Because(rule="r", text=text, source="s")
        plain = make_verdict()
        verdict = make_verdict(
            headline=text,
            reasons=(reading,) * 2 * copies,
            advice=Advice(action=plain.advice.action, within_minutes=30, because=(because,)),
        )
        message = build_message(
            make_transition(headline=text, post=("x", text), verdict=verdict),
            incident_id=7,
            recipient=Recipient(channel="chat", person="ann"),
            public_url=PUBLIC_URL,
            step=0,
            evidence=(make_evidence(text),) * copies,
        )
        return replace(message, about=message.headline, links=replace(message.links, acknowledge=LINKS[1]))

    return make


def hostile_texts(block: int) -> Iterator[str]:
    dice = random.Random(f"hostile {block}")
    for number in range(TEXTS_PER_BLOCK):
        parts = [dice.choice(FRAGMENTS) for _ in range(dice.randint(1, 12))]
        text = dice.choice(("", " ")).join(parts)
        yield text if number % 500 else (text or "x") * (MEGABYTE // max(len(text), 1))


def strings(value: Any) -> set[str]:
    return set(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)


def without_ours(text: str) -> str:
    """Take our own links out."""
    for link in LINKS:
        text = text.replace(link, " ")
    return text


def assert_harmless(text: str) -> None:
    """Check what holds in every program that links and calls on its own."""
    foreign = without_ours(text.replace("\\", "")).lower()
    for trick in (ADDRESS, SCHEME, BARE, CALL):
        assert (found := trick.search(foreign)) is None, found
    assert (found := HIDDEN.search(text)) is None, found


def check_slack(message: Message) -> None:
    posted = json.loads(slack_json(message))
    for text in strings(posted):
        assert len(text) <= 3000
        assert_harmless(text)
        assert set(re.findall(r"<[^>]*>", text)) <= {
            f"<{LINKS[0]}|Open the incident>",
            f"<{LINKS[1]}|Acknowledge>",
        }
    assert len(posted["blocks"]) <= 50


def check_discord(message: Message) -> None:
    posted = json.loads(discord_json(message))
    (embed,) = posted["embeds"]
    assert posted["allowed_mentions"] == {"parse": []}
    assert len(posted["content"]) <= 2000
    assert len(embed["description"]) <= 4096
    assert all(link in embed["description"] for link in LINKS)
    for text in (posted["content"], embed["description"]):
        assert_harmless(text)
        acting = re.sub(r"<t:\d+:R>", "", re.sub(r"\\.", "", without_ours(text)))
        assert re.search(r"[\[\]<>`|~_]", acting) is None, acting


def check_teams(message: Message) -> None:
    posted = teams_json(message)
    assert len(posted) <= 28 * 1024
    decoded = json.loads(posted)
    content = decoded["attachments"][0]["content"]
    for text in strings([content["body"], content["actions"], content["fallbackText"]]):
        assert_harmless(text.removeprefix("Action.OpenUrl"))
        assert re.search(r"<[a-z/]|\{\{", without_ours(text)) is None
    assert {block["type"] for block in content["body"]} == {"RichTextBlock"}
    assert [action["url"] for action in content["actions"]] == list(LINKS)


def check_telegram(message: Message) -> None:
    posted = json.loads(telegram_json(message, 1))
    assert len(posted["text"].encode("utf-16-le")) // 2 <= 4096
    assert all(link in posted["text"] for link in LINKS)
    assert "parse_mode" not in posted
    assert_harmless(posted["text"])


def check_pagerduty(message: Message) -> None:
    body = pagerduty_json(message, "key")
    assert body is not None
    assert len(body) <= 512 * 1024
    posted = json.loads(body)
    assert len(posted["payload"]["summary"]) <= 1024
    assert len(posted["dedup_key"]) <= 255
    for text in strings(posted):
        if text != posted["payload"]["timestamp"]:
            assert_harmless(text)


def check_texts(message: Message) -> None:
    short, line, text = short_text(message), subject(message), plain_text(message)
    assert len(short) <= 160
    assert short.endswith(f" {LINKS[0]}")
    assert "@" not in short
    assert_harmless(short)
    assert len(line) <= 160
    # A webhook's `post` is the platform's own id, to the letter, for programs: the only field left out here.
    posted = webhook_json(replace(message, post=None)).decode()
    for each in (short, line, text, console_line(message), posted):
        each.encode()
        foreign = without_ours(each).lower()
        for trick in (ADDRESS, SCHEME, BARE):
            assert (found := trick.search(foreign)) is None, found
        assert HIDDEN.search(each.replace("\n", "")) is None
    assert "\n" not in short + line


def check_html(message: Message) -> None:
    shown = html_text(message, picture="chart@ours.example", description=message.headline)
    assert re.findall(r'(?:src|href)="([^"]*)"', shown) == ["cid:chart@ours.example", *LINKS]
    assert set(re.findall(r"</?(\w+)", shown)) <= {"html", "head", "meta", "body", "div", "p", "img", "br", "a"}
    assert HIDDEN.search(shown.replace("\n", "")) is None
    words = without_ours(re.sub("<[^>]*>", " ", shown)).lower()
    for trick in (ADDRESS, SCHEME, BARE):
        assert (found := trick.search(words)) is None, found


CHECKS = (check_slack, check_discord, check_teams, check_telegram, check_pagerduty, check_texts, check_html)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_text_calls_links_hides_or_breaks_anything(build: Callable[..., Message], block: int) -> None:
    for number, text in enumerate(hostile_texts(block)):
        message = build(text, copies=1 if number % 20 else 3)
        for check in (
            check_slack,
            check_discord,
            check_teams,
            check_telegram,
            check_pagerduty,
            check_texts,
            check_html,
        ):
            check(message)


def test_mail_of_a_hostile_text_has_our_headers_only(
    build: Callable[..., Message], make_notice: Callable[..., Notice]
) -> None:
    settings = EmailSettings.model_validate(
        {"id": "mail", "type": "email", "host": "h.test", "from": "us@ours.example", "to": "ann@ours.example"}
    )
    channel, notice = Email(settings, {}), make_notice("mail")
    usual = channel._mail(notice, build("acme")).keys()
    for text in list(hostile_texts(0))[:300]:
        mail = channel._mail(notice, build(text))
        raw = mail.as_bytes()
        assert mail.keys() == usual
        assert b"\nBcc:" not in raw.partition(b"\r\n\r\n")[0]


def test_the_checks_see_what_they_look_for() -> None:
    for text in ("@everyone", "http://evil.test", "evil.test", "www.evil", "10.0.0.1", "a\u202eb", "\U000e0041"):
        with pytest.raises(AssertionError):
            assert_harmless(text)
    assert_harmless(f"hxxp://evil[.]test 3.5 @\u200bx {LINKS[0]} {LINKS[1]}")
