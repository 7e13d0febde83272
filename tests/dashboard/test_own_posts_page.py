"""The Own posts page: a draft is judged beside the news, and posts that should not have gone out are listed."""

import re
from datetime import timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from stormcone.models import Batch
from tests.dashboard.seeding import Scene
from tests.dashboard.test_escaping import PAYLOADS
from tests.fakes import make_mention, make_own_post, make_scored

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PAGE = "pages/3_own_posts.py"
PLACEHOLDER = "Black Friday *** need copy and link ***"


def own_posts_page() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def said(app: AppTest, key: str) -> str:
    part = app.container(key=key)
    return "\n".join(
        each.value for kind in (part.markdown, part.caption, part.error, part.success, part.warning) for each in kind
    )


def check(app: AppTest, text: str) -> str:
    app.text_area(key="draft_text").set_value(text)
    next(each for each in app.button if each.label == "Check").click().run()
    assert not app.exception
    return said(app, "draft_check")


def test_an_unfinished_draft_is_stopped_with_the_words_that_did_it(scene: Scene) -> None:
    told = check(own_posts_page(), PLACEHOLDER)
    assert "Do not post this" in told
    assert "unfinished" in told


def test_a_harmless_draft_passes_and_promises_nothing(scene: Scene) -> None:
    told = check(own_posts_page(), "Our new opening hours start on Monday.")
    assert "Post it" in told
    assert "no promise" in told


def test_an_empty_draft_is_asked_for(scene: Scene) -> None:
    assert "Type a draft first" in check(own_posts_page(), "   ")


def test_the_room_is_shown_beside_the_draft(scene: Scene) -> None:
    news = make_mention(
        "n1",
        brand=scene.brand,
        platform="news",
        text="Acme recalls its kettles",
        posted_at=scene.now - timedelta(hours=3),
        seen_at=scene.now,
        parent_id=None,
        root_id=None,
    )
    scene.store.mentions.save([make_scored(news)], Batch())
    assert "Acme recalls its kettles" in said(own_posts_page(), "draft_room")


def test_posts_of_the_last_week_that_slipped_out_are_listed_and_hostile_words_do_nothing(scene: Scene) -> None:
    at = scene.now - timedelta(days=1)
    texts = [
        PLACEHOLDER,
        *(f"{PLACEHOLDER} {each.replace(chr(0), '')}".encode("utf-8", "ignore").decode() for each in PAYLOADS),
    ]
    posts = [
        make_own_post(f"p{number}", brand=scene.brand, text=text, posted_at=at, seen_at=at)
        for number, text in enumerate(texts)
    ]
    scene.store.mentions.save([make_scored(each) for each in posts], Batch())
    told = said(own_posts_page(), "draft_posts")
    assert "need copy and link" in told
    assert not re.search(r"(?<!\\)<", told)  # every bracket is escaped
