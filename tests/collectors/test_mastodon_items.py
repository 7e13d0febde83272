"""What is read out of a status: hostile HTML, wild times, missing parts."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors._mastodon_items import BadStatusError, plain_text, read_status
from tests.collectors.fake_mastodon import status


def test_a_link_is_shown_in_full_and_entities_are_letters() -> None:
    html = (
        '<p>see <a href="https://acme.example/a?b=1"><span class="invisible">https://</span>'
        '<span class="ellipsis">acme.example/a</span><span class="invisible">?b=1</span></a> &lt;b&gt; &#x1F600;</p>'
    )

    assert plain_text(html) == "see https://acme.example/a?b=1 <b> \U0001f600"


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "&", "<!--", "<![CDATA[", "</", '<p a="', "<script>", "&#", "\U0001f600", "<br>"]
)
def test_a_flood_of_broken_html_is_read_at_once(piece: str) -> None:
    started = time.process_time()

    plain_text(piece * 1_000_000)

    assert time.process_time() - started < 2


@given(st.text())
def test_any_content_gives_a_text_a_database_can_hold(content: str) -> None:
    text = read_status(status(1, text=content)).text

    assert "\x00" not in text
    text.encode()


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"id": None}, "no id"),
        ({"id": True}, "no id"),
        ({"created_at": "tomorrow"}, "created_at"),
        ({"account": {"acct": ""}}, "acct"),
        ({"content": None}, "content"),
    ],
)
def test_a_missing_part_is_named(broken: dict[str, object], named: str) -> None:
    with pytest.raises(BadStatusError, match=named):
        read_status({**status(1), **broken})


def test_counts_and_times_that_are_none_are_unknown() -> None:
    read = read_status(
        {**status(1), "favourites_count": "many", "replies_count": -1, "edited_at": "soon", "tags": 5, "mentions": [7]}
    )

    assert (read.likes, read.replies, read.edited_at, read.hashtags, read.mentioned) == (None, None, None, (), ())


def test_a_time_with_another_offset_is_utc() -> None:
    assert read_status({**status(1), "created_at": "2026-11-03T14:00:00+02:00"}).posted_at == datetime(
        2026, 11, 3, 12, tzinfo=UTC
    )


@pytest.mark.parametrize(("visibility", "is_public"), [("public", True), ("unlisted", True), ("private", False)])
def test_only_public_statuses_count(visibility: str, is_public: bool) -> None:
    assert read_status({**status(1), "visibility": visibility}).is_public is is_public
