"""Videos, threads and comments of YouTube as own posts and mentions.

Below youtube.py; the only file that knows the API's fields. Reads one item at a time: a broken one is named and
skipped. Sends nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from collectors._http import fault
from collectors._youtube_client import PLATFORM
from stormcone.collecting import one_line
from stormcone.models import Edit, Engagement, Mention, Skip

_FIRST_YEAR, _LAST_YEAR = 2005, 2199  # YouTube's own first year; outside lie broken dates
_WATCH: Final = "https://www.youtube.com/watch?v="


def _in_utc(given: datetime) -> datetime:
    if not _FIRST_YEAR <= given.year <= _LAST_YEAR:
        raise ValueError("is no year of YouTube")
    return given.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _ChannelId(_Item):
    value: str | None = None


class _CommentSnippet(_Item):
    text: Annotated[str, Field(alias="textDisplay")]
    author_name: Annotated[str | None, Field(alias="authorDisplayName")] = None
    author_channel: Annotated[_ChannelId, Field(alias="authorChannelId")] = _ChannelId()
    video_id: Annotated[str | None, Field(alias="videoId")] = None
    parent_id: Annotated[str | None, Field(alias="parentId")] = None
    likes: Annotated[Count | None, Field(alias="likeCount")] = None
    published_at: Annotated[Instant, Field(alias="publishedAt")]
    updated_at: Annotated[Instant | None, Field(alias="updatedAt")] = None


class Comment(_Item):
    """A comment or the answer to one."""

    id: Annotated[str, Field(min_length=1, max_length=400)]
    snippet: _CommentSnippet

    @property
    def edited_at(self) -> datetime | None:
        """When its text was last changed; None where it is as it was written."""
        changed = self.snippet.updated_at
        return changed if changed is not None and changed > self.snippet.published_at else None


class _Replies(_Item):
    comments: list[object] = Field(default_factory=list)


class _ThreadSnippet(_Item):
    video_id: Annotated[str | None, Field(alias="videoId")] = None
    top: Annotated[Comment, Field(alias="topLevelComment")]
    replies: Annotated[Count, Field(alias="totalReplyCount")] = 0


class CommentThread(_Item):
    """A comment with how many answers it has, and a few of them."""

    id: Annotated[str, Field(min_length=1, max_length=400)]
    snippet: _ThreadSnippet
    some_replies: Annotated[_Replies, Field(alias="replies")] = _Replies()


class _VideoSnippet(_Item):
    title: str = ""
    description: str = ""
    channel_id: Annotated[str | None, Field(alias="channelId")] = None
    published_at: Annotated[Instant, Field(alias="publishedAt")]


class _Statistics(_Item):
    likes: Annotated[Count | None, Field(alias="likeCount")] = None
    comments: Annotated[Count | None, Field(alias="commentCount")] = None


class Video(_Item):
    """A video with its counts; a count its owner hides is None."""

    id: Annotated[str, Field(min_length=1, max_length=400)]
    snippet: _VideoSnippet
    statistics: _Statistics = _Statistics()

    @property
    def text(self) -> str:
        """Title and description."""
        return "\n\n".join(filter(None, (self.snippet.title.strip(), self.snippet.description.strip())))


class _UploadDetails(_Item):
    video_id: Annotated[str, Field(alias="videoId")]
    published_at: Annotated[Instant | None, Field(alias="videoPublishedAt")] = None


class Upload(_Item):
    """An entry of the list of a channel's own videos."""

    details: Annotated[_UploadDetails, Field(alias="contentDetails")]


class _Playlists(_Item):
    uploads: str


class _ChannelDetails(_Item):
    playlists: Annotated[_Playlists, Field(alias="relatedPlaylists")]


class Channel(_Item):
    """A channel and the list of its own videos."""

    id: str
    details: Annotated[_ChannelDetails, Field(alias="contentDetails")]


class Named(_Item):
    """Anything of which only the id is asked."""

    id: str


Kind = TypeVar("Kind", bound=BaseModel)


def read_items(raw: Iterable[object], kind: type[Kind], skipped: list[Skip]) -> list[Kind]:
    """Return the items that can be read; the others are added to `skipped`."""
    read = []
    for number, each in enumerate(raw, start=1):
        try:
            read.append(kind.model_validate(each))
        except ValidationError as error:
            named = one_line(str(each.get("id", ""))) if isinstance(each, dict) else ""
            place = f"youtube {kind.__name__.lower()} {named or f'number {number} of a page'}"
            skipped.append(Skip(place=place, reason=fault(error)))
    return read


def comment_mention(
    comment: Comment, brand: str, now: datetime, *, video_id: str | None, replies: int | None, account: str | None
) -> Mention:
    """Return a comment as a brand's mention. account: the brand's own, where it wrote the comment, else None."""
    snippet = comment.snippet
    video_id = snippet.video_id or video_id
    return Mention(
        platform=PLATFORM,
        id=comment.id,
        brand=brand,
        posted_at=snippet.published_at,
        seen_at=max(now, snippet.published_at),
        text=snippet.text,
        author=snippet.author_name or snippet.author_channel.value,
        is_own_post=account is not None,
        parent_id=snippet.parent_id or video_id,
        root_id=video_id,
        likes=snippet.likes,
        replies=replies,
        url=f"{_WATCH}{video_id}&lc={comment.id}" if video_id else None,
        account=account,
    )


def comment_edits(comment: Comment, brands: Sequence[str]) -> list[Edit]:
    """Return the newest words of an edited comment, for each brand; nothing where it was not edited."""
    at = comment.edited_at
    if at is None:
        return []
    return [
        Edit(platform=PLATFORM, id=comment.id, brand=each, edited_at=at, text=comment.snippet.text) for each in brands
    ]


def video_post(video: Video, brand: str, now: datetime, account: str) -> Mention:
    """Return a brand's own video."""
    return Mention(
        platform=PLATFORM,
        id=video.id,
        brand=brand,
        posted_at=video.snippet.published_at,
        seen_at=max(now, video.snippet.published_at),
        text=video.text,
        author=account,
        is_own_post=True,
        likes=video.statistics.likes,
        replies=video.statistics.comments,
        url=f"{_WATCH}{video.id}",
        account=account,
    )


def video_engagement(video: Video, brand: str, now: datetime) -> Engagement:
    """Return a video's counts as they are now."""
    return Engagement(
        platform=PLATFORM,
        post_id=video.id,
        brand=brand,
        seen_at=now,
        likes=video.statistics.likes,
        replies=video.statistics.comments,
    )
