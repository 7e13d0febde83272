"""The Bluesky collector against the network's own servers, started by `make test-bluesky`.

STORMCONE_BLUESKY_DEVENV names the PDS, such as http://localhost:2583; its AppView listens one port higher. There is no
Jetstream among them.
"""

import os
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from atproto import Client, models

from collectors.bluesky import BlueskyCollector, BlueskySettings
from stormcone.clock import SystemClock
from stormcone.errors import Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, CollectorContext, EmptyArchive, StoredPost, WatchedAccount, WatchedBrand

PDS = os.environ.get("STORMCONE_BLUESKY_DEVENV", "")
PASSWORD = "only-for-tests"
CLOCK = SystemClock()

pytestmark = pytest.mark.skipif(not PDS, reason="STORMCONE_BLUESKY_DEVENV names no PDS; run make test-bluesky")


class _Due(EmptyArchive):
    def __init__(self, *posts: StoredPost) -> None:
        self.posts = posts

    def due_for_check(self, **_: object) -> tuple[StoredPost, ...]:
        return self.posts


def _sign_up(name: str) -> tuple[Client, str]:
    handle = f"{name}{uuid.uuid4().hex[:6]}.test"
    client = Client(base_url=PDS)
    client.com.atproto.server.create_account(
        {"handle": handle, "email": f"{handle}@example.com".replace(".test", ""), "password": PASSWORD}
    )
    client.login(handle, PASSWORD, fetch_bsky_profile=False)
    return client, handle


def _collector(
    handle: str, *, login: bool, archive: EmptyArchive | None = None, password: str = PASSWORD
) -> BlueskyCollector:
    appview = urlsplit(PDS)._replace(netloc=f"{urlsplit(PDS).hostname}:{(urlsplit(PDS).port or 2583) + 1}").geturl()
    context = CollectorContext(
        brands=(WatchedBrand(name="Acme", keywords=(handle[:-5],), accounts=(WatchedAccount(handle=handle),)),),
        clock=CLOCK,
        base_folder=".",
        secrets={"BLUESKY_HANDLE": handle, "BLUESKY_APP_PASSWORD": password} if login else {},
        archive=archive or EmptyArchive(),
    )
    settings = BlueskySettings(base_url=PDS, appview_url=appview, jetstream_url="", timeout_seconds=5)
    return BlueskyCollector(settings, context)


def _poll_until(collector: BlueskyCollector, is_done: Callable[[Batch], bool]) -> Batch:
    """Poll until the AppView has indexed what was posted: half a second, sometimes more."""
    waiting, batch = threading.Event(), Batch()
    for _ in range(40):
        batch = collector.poll(None, Allowance(), CLOCK.now() + timedelta(seconds=15))
        if is_done(batch):
            break
        waiting.wait(0.5)
    return batch


@pytest.mark.parametrize("login", [False, True])
def test_own_posts_answers_and_words_are_found(login: bool) -> None:
    brand, handle = _sign_up("acme")
    fan, fan_handle = _sign_up("fan")
    own = models.create_strong_ref(brand.send_post("We raise our prices.", handle))
    replies = {
        fan.send_post(
            f"no words {number}", fan_handle, reply_to=models.AppBskyFeedPost.ReplyRef(parent=own, root=own)
        ).uri
        for number in range(3)
    }
    words = {fan.send_post(f"my {handle[:-5]} broke", fan_handle).uri} if login else set()
    wanted = {own.uri} | replies | words

    batch = _poll_until(_collector(handle, login=login), lambda got: {each.id for each in got.mentions} >= wanted)

    assert {each.id for each in batch.mentions} == wanted
    assert {each.root_id for each in batch.mentions if each.id in replies} == {own.uri}
    assert batch.engagements[0].replies == 3
    assert batch.trouble is None


def test_a_deleted_post_is_missed_and_a_kept_one_is_not() -> None:
    fan, handle = _sign_up("fan")
    gone, kept = (fan.send_post(text, handle).uri for text in ("first", "second"))
    fan.delete_post(gone)
    posts = [StoredPost(id=uri, brand="Acme", posted_at=CLOCK.now(), is_own_post=False) for uri in (gone, kept)]

    batch = _poll_until(
        _collector(handle, login=True, archive=_Due(*posts)),
        lambda got: {check.is_there for check in got.checks} == {True, False},
    )

    assert {(check.id, check.is_there) for check in batch.checks} == {(gone, False), (kept, True)}


def test_a_wrong_password_needs_a_person() -> None:
    _, handle = _sign_up("acme")

    with pytest.raises(Refused, match="BLUESKY_APP_PASSWORD"):
        _collector(handle, login=True, password="wrong").probe()
