"""One poll of YouTube: own videos, comment walks, answers, lookups, and the cursor they leave.

Between youtube.py, which decides what is due, and the client, which asks. One video or channel that cannot be read is
named and holds nothing else up. Never decides what a text means.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from collectors._walking import Haul, Mark, Page, Purse, Walk
from collectors._youtube_client import MOST_IDS, PLATFORM, Listing, PlaceClosedError, StalePageError, YouTube
from collectors._youtube_items import (
    Channel,
    Comment,
    CommentThread,
    Named,
    Upload,
    Video,
    comment_edits,
    comment_mention,
    read_items,
    video_engagement,
    video_post,
)
from stormcone.collecting import WATCHED_DAYS, Cursor, Matcher
from stormcone.errors import CollectError
from stormcone.models import Check, Mention, Skip
from stormcone.ports import StoredPost, Thrift, WatchedBrand

_FIRST_DAYS: Final = 7
_OVERLAP: Final = timedelta(minutes=15)  # each page read again costs a unit of the day's quota
_MOST_THREADS: Final = 500  # whose answers are counted again and again, the newest
_REFRESHES_A_POLL: Final = 2  # requests of 50 threads each
_REPLY_PAGES: Final = 10  # of 100 answers to one comment
_MOST_EDITED: Final = 1_000  # edited comments whose edit is remembered as told
_VIDEO_ID_LENGTH: Final = 11  # ids of comments are longer


class _Thread(BaseModel):
    """A comment whose answers are counted. replies: how many have been read. brands: whose matter it is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    begun_at: datetime
    asked_at: datetime
    brands: tuple[str, ...] = ()
    video_id: str | None = None
    replies: int = 0


class _Uploads(BaseModel):
    """A brand's channel: its id, and the list of its own videos."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    playlist: str


class YouTubeCursor(Cursor):
    """channels: by handle. names: brands by named video. places: how far each walk has come. edited: id -> when."""

    channels: dict[str, _Uploads] = Field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    places: dict[str, Mark] = Field(default_factory=dict)
    threads: dict[str, _Thread] = Field(default_factory=dict)
    edited: dict[str, str] = Field(default_factory=dict)


class Poll:
    """One poll: what it has found, and the cursor it leaves."""

    def __init__(
        self, api: YouTube, brands: Sequence[WatchedBrand], cursor: YouTubeCursor, purse: Purse, now: datetime
    ) -> None:
        self.haul = Haul()
        self._api = api
        self._brands = tuple(brand.name for brand in brands)
        self._accounts = [(brand.name, handle) for brand in brands for handle in brand.handles]
        self._matcher = Matcher(brands)
        self._purse = purse
        self._now = now
        self._channels = {handle: cursor.channels[handle] for _, handle in self._accounts if handle in cursor.channels}
        self._names = dict(cursor.names)
        self._places = dict(cursor.places)
        self._threads = dict(cursor.threads)
        self._edited = dict(cursor.edited)
        self._mentions: dict[tuple[str, str], Mention] = {}

    def resolve(self) -> None:
        """Find the channel of each account that is not known yet; a unit each, once."""
        for brand, handle in self._accounts:
            if handle in self._channels:
                continue
            place = f"the channel {handle} of {brand}"
            key = {"id": handle} if is_channel_id(handle) else {"forHandle": f"@{handle.removeprefix('@')}"}
            listing = self._listing("channels", place, part="id,contentDetails", **key)
            found = read_items(listing.items, Channel, self.haul.skipped) if listing else []
            if found:
                self._channels[handle] = _Uploads(id=found[0].id, playlist=found[0].details.playlists.uploads)
            elif listing:
                self._note(place, "is not there; correct its handle in [[brand]] accounts")

    def read_videos(self, named: Sequence[str], stored: Sequence[StoredPost], due: Sequence[StoredPost]) -> None:
        """Read new own videos, the counts of those that are due, and what the named videos are about.

        Args: stored: own posts that are in the store. due: those of them whose counts are wanted now.
        """
        owners = {post.id: (post.brand, post.account or "") for post in due if is_video_id(post.id)}
        known = {post.id for post in stored}
        for brand, handle in self._accounts:
            for upload in self._uploads(handle):
                if upload.details.video_id not in known:
                    owners[upload.details.video_id] = (brand, handle)
        asked = [*owners, *(each for each in named if each not in self._names and each not in owners)]
        for ids in _chunks(asked):
            listing = self._listing("videos", "videos", part="snippet,statistics", id=",".join(ids))
            if listing is None:
                return
            found = {video.id: video for video in read_items(listing.items, Video, self.haul.skipped)}
            for video in found.values():
                self._take_video(video, owners.get(video.id), is_new=video.id not in known)
            if found:
                self._check([post for post in due if post.id in ids], set(found))
            for missing in set(ids) & set(named) - set(found):
                self._note(f"the video {missing}", "is not there; correct collectors.youtube.videos")

    def walk_channels(self) -> None:
        """Read the new comments on everything of the brands' channels."""
        for brand, handle in self._accounts:
            channel = self._channels.get(handle)
            if channel is not None:
                self._walk(f"the channel {handle}", (brand,), {"allThreadsRelatedToChannelId": channel.id})

    def walk_videos(self, named: Sequence[str]) -> None:
        """Read the new comments on the named videos."""
        for video_id in named:
            if video_id in self._names:
                brands = tuple(each for each in self._names[video_id] if each in self._brands)
                self._walk(f"the video {video_id}", brands, {"videoId": video_id})

    def refresh_threads(self) -> None:
        """Look for new answers to comments that no walk came by, those asked longest ago first."""
        if self._purse.thrift >= Thrift.SAMPLED:
            return
        waiting = [each for each, thread in self._threads.items() if thread.asked_at < self._now]
        waiting.sort(key=lambda each: self._threads[each].asked_at)
        for ids in _chunks(waiting)[:_REFRESHES_A_POLL]:
            listing = self._listing(
                "commentThreads", "threads", part="snippet,replies", textFormat="plainText", id=",".join(ids)
            )
            if listing is None:
                return
            found = read_items(listing.items, CommentThread, self.haul.skipped)
            for thread in found:
                self._take_thread(thread, self._threads[thread.id].brands if thread.id in self._threads else ())
            for missing in set(ids) - {thread.id for thread in found} if found else ():
                del self._threads[missing]

    def look_up(self, posts: Sequence[StoredPost]) -> None:
        """Look comments up again; an answer without any of them proves nothing."""
        for ids in _chunks([post.id for post in posts if not is_video_id(post.id)]):
            listing = self._listing("comments", "comments", part="id", id=",".join(ids))
            if listing is None:
                return
            found = {each.id for each in read_items(listing.items, Named, self.haul.skipped)}
            if found:
                self._check([post for post in posts if post.id in ids], found)

    def cursor(self, named: Iterable[str]) -> YouTubeCursor:
        """Return where the next poll continues; what is watched no longer is forgotten."""
        self.haul.mentions[:] = self._mentions.values()
        places = {f"the channel {handle}" for _, handle in self._accounts} | {f"the video {each}" for each in named}
        for name in [each for each in self._places if each not in places]:
            self.haul.filled += [stretch.gap(PLATFORM) for stretch in self._places.pop(name).stretches]
        newest_first = sorted(self._threads, key=lambda each: self._threads[each].begun_at, reverse=True)
        return YouTubeCursor(
            channels=self._channels,
            names={video_id: brands for video_id, brands in self._names.items() if video_id in set(named)},
            places=self._places,
            threads={each: self._threads[each] for each in newest_first[:_MOST_THREADS]},
            edited=dict(list(self._edited.items())[-_MOST_EDITED:]),
        )

    def _uploads(self, handle: str) -> list[Upload]:
        """Return the videos a channel published within the days they are watched, newest first."""
        channel = self._channels.get(handle)
        if channel is None:
            return []
        listing = self._listing(
            "playlistItems",
            f"the channel {handle}",
            part="contentDetails",
            playlistId=channel.playlist,
            maxResults=str(MOST_IDS),
        )
        if listing is None:
            return []
        oldest = self._now - timedelta(days=WATCHED_DAYS)
        uploads = read_items(listing.items, Upload, self.haul.skipped)
        return [each for each in uploads if each.details.published_at is None or each.details.published_at >= oldest]

    def _take_video(self, video: Video, owner: tuple[str, str] | None, *, is_new: bool) -> None:
        if owner is None:
            about = self._matcher.brands_in(video.text)
            # Who watches one brand only, and names a video, means that brand.
            self._names[video.id] = about or (self._brands if len(self._brands) == 1 else ())
            return
        brand, account = owner
        if is_new:
            self._mentions.setdefault((video.id, brand), video_post(video, brand, self._now, account))
        self.haul.engagements.append(video_engagement(video, brand, self._now))

    def _walk(self, name: str, brands: tuple[str, ...], params: dict[str, str]) -> None:
        if self.haul.is_over:
            return
        walk: Walk[CommentThread] = Walk(
            fetch=lambda since, token: self._threads_page(name, params, since, token),
            platform=PLATFORM,
            name=name,
            brand=brands[0] if len(brands) == 1 else None,
            first=self._now - timedelta(days=_FIRST_DAYS),
            overlap=_OVERLAP,
        )
        threads, self._places[name] = walk.go(self._places.get(name, Mark()), self._purse, self.haul, self._now)
        if isinstance(self.haul.error, PlaceClosedError):
            self._note(name, str(self.haul.error))
            self.haul.error = None
        for thread in threads:
            self._take_thread(thread, brands)

    def _threads_page(
        self, name: str, params: dict[str, str], since: datetime, token: str | None
    ) -> Page[CommentThread]:
        asked = {"part": "snippet,replies", "order": "time", "maxResults": "100", "textFormat": "plainText", **params}
        try:
            listing = self._api.ask("commentThreads", name, pageToken=token, **asked)
        except StalePageError:
            listing = self._api.ask("commentThreads", name, **asked)
        skipped: list[Skip] = []
        threads = read_items(listing.items, CommentThread, skipped)
        times = [thread.snippet.top.snippet.published_at for thread in threads]
        is_at_end = bool(times) and times[-1] < since  # not the oldest: a pinned comment may stand on top
        return Page(
            items=tuple(threads),
            newest=max(times, default=None),
            oldest=times[-1] if times else None,
            next_token=None if is_at_end else listing.next_page,
            skipped=tuple(skipped),
        )

    def _take_thread(self, thread: CommentThread, brands: tuple[str, ...]) -> None:
        """Write a comment and its new answers down, and remember how many answers have been read."""
        top, total, video_id = thread.snippet.top, thread.snippet.replies, thread.snippet.video_id
        video_id = video_id or top.snippet.video_id
        self._take_comment(top, brands, video_id=video_id, replies=total)
        some = read_items(thread.some_replies.comments, Comment, self.haul.skipped)
        for reply in some:
            self._take_comment(reply, brands, video_id=video_id)
        before = self._threads.get(thread.id)
        read = before.replies if before else 0
        if total != read and (len(some) >= total or self._take_replies(thread.id, brands, video_id)):
            read = total
        if self._now - top.snippet.published_at < timedelta(days=WATCHED_DAYS):
            self._threads[thread.id] = _Thread(
                begun_at=top.snippet.published_at, asked_at=self._now, brands=brands, video_id=video_id, replies=read
            )
        else:
            self._threads.pop(thread.id, None)

    def _take_replies(self, thread_id: str, brands: tuple[str, ...], video_id: str | None) -> bool:
        """Read the answers to a comment. Returns: whether all of them came."""
        token: str | None = None
        for _ in range(_REPLY_PAGES):
            listing = self._listing(
                "comments",
                f"the answers to {thread_id}",
                part="snippet",
                parentId=thread_id,
                maxResults="100",
                textFormat="plainText",
                pageToken=token,
            )
            if listing is None:
                return False
            for reply in read_items(listing.items, Comment, self.haul.skipped):
                self._take_comment(reply, brands, video_id=video_id)
            token = listing.next_page
            if token is None:
                return True
        most = _REPLY_PAGES * 100
        self._note(f"the answers to {thread_id}", f"are more than {most}; the first {most} were taken")
        return True

    def _take_comment(
        self, comment: Comment, brands: tuple[str, ...], *, video_id: str | None, replies: int | None = None
    ) -> None:
        author = comment.snippet.author_channel.value
        owner, account = self._owner(author)
        named = (*brands, *self._matcher.brands_in(comment.snippet.text), *([owner] if owner else []))
        about = tuple(dict.fromkeys(named))
        for brand in about:
            mention = comment_mention(
                comment,
                brand,
                self._now,
                video_id=video_id,
                replies=replies,
                account=account if brand == owner else None,
            )
            self._mentions.setdefault((comment.id, brand), mention)
        if comment.edited_at is not None and self._edited.get(comment.id) != comment.edited_at.isoformat():
            self._edited[comment.id] = comment.edited_at.isoformat()
            self.haul.edits += comment_edits(comment, about)

    def _owner(self, channel_id: str | None) -> tuple[str | None, str | None]:
        """Return (brand, handle) of the account that a channel is; (None, None) for anybody else's."""
        for brand, handle in self._accounts:
            if handle in self._channels and self._channels[handle].id == channel_id:
                return brand, handle
        return None, None

    def _check(self, posts: Iterable[StoredPost], found: set[str]) -> None:
        self.haul.checks += [
            Check(platform=PLATFORM, id=each.id, brand=each.brand, seen_at=self._now, is_there=each.id in found)
            for each in posts
        ]

    def _listing(self, what: str, place: str, **params: str | None) -> Listing | None:
        """Return one page; None where the poll is over, or this place cannot be read."""
        if self.haul.is_over or self._purse.is_empty:
            return None
        try:
            return self._api.ask(what, place, **params)
        except PlaceClosedError as error:
            self._note(place, str(error))
        except CollectError as error:
            self.haul.error = error
        return None

    def _note(self, place: str, reason: str) -> None:
        said = reason.removeprefix(f"{PLATFORM}: ").removeprefix(place).strip()
        self.haul.skipped.append(Skip(place=f"{PLATFORM}: {place}", reason=said))
        self.haul.troubles.append(f"{place} {said}")


def is_video_id(given: str) -> bool:
    """Tell a video's id from a comment's.

    >>> is_video_id("abcdefghijk"), is_video_id("UgzAAAAAAAAAAAAAAAAAAAAB")
    (True, False)
    """
    return len(given) == _VIDEO_ID_LENGTH


def is_channel_id(handle: str) -> bool:
    """Tell a channel's id from a handle.

    >>> is_channel_id("UCaaaaaaaaaaaaaaaaaaaaaa"), is_channel_id("@acme")
    (True, False)
    """
    return handle.startswith("UC") and len(handle) == 24  # noqa: PLR2004 - the length of every channel id


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)]
