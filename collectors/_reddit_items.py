"""What Reddit's JSON says, as plain things: the only place that knows the names of its fields.

A thing that lacks what it must have is skipped by name; an answer that is no listing at all is an error that says what
was expected. Never talks to Reddit, never decides whose mention something is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, ValidationError

from collectors._reddit_client import PLATFORM
from stormcone.collecting import one_line
from stormcone.errors import CollectError
from stormcone.mention_file import storable
from stormcone.models import Skip

SITE: Final = "https://www.reddit.com"
SUBMISSION: Final = "t3_"
COMMENT: Final = "t1_"
_GONE_TEXTS: Final = frozenset({"[deleted]", "[removed]", "[ Removed by Reddit ]", "[deleted by user]"})
_NOBODY: Final = "[deleted]"
_CONTINUED: Final = ">"  # marks a comment whose answers are served only below the comment itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A submission or comment as it was served. name: its fullname. text: title and body; empty where it is gone.

    author: None where the account is gone. parent, root: fullnames, None for a submission. comments: as Reddit counts.
    """

    name: str
    posted_at: datetime
    subreddit: str
    title: str
    text: str
    url: str
    author: str | None = None
    parent: str | None = None
    root: str | None = None
    score: int | None = None
    comments: int | None = None
    crossposts: int | None = None
    edited_at: datetime | None = None
    is_gone: bool = False

    @property
    def is_submission(self) -> bool:
        """True for a submission, False for a comment."""
        return self.name.startswith(SUBMISSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer. after: where the listing goes on, None at its end. stubs: ways to the comments it leaves out."""

    things: tuple[Thing, ...]
    skipped: tuple[Skip, ...] = ()
    after: str | None = None
    stubs: tuple[tuple[str, ...], ...] = ()


class _Raw(BaseModel):
    """The fields that are read, of either kind."""

    name: str = Field(pattern=r"^t[13]_[0-9a-z]{1,16}$")
    created_utc: float = Field(gt=0, lt=4e9)
    subreddit: str = Field(min_length=1, max_length=100)
    author: str | None = None
    permalink: str = ""
    score: int | None = None
    score_hidden: bool = False
    edited: bool | Annotated[float, Field(ge=0, lt=4e9)] = False
    title: str = ""
    selftext: str | None = ""
    num_comments: int | None = None
    num_crossposts: int | None = None
    removed_by_category: str | None = None
    body: str | None = None
    parent_id: str | None = Field(default=None, pattern=r"^t[13]_[0-9a-z]{1,16}$")
    link_id: str | None = Field(default=None, pattern=r"^t3_[0-9a-z]{1,16}$")


_FIELDS: Final = frozenset(_Raw.model_fields)


def read_listing(answer: object, place: str) -> Page:
    """Return the things of a listing, in its order. Raises: CollectError: it is no listing."""
    listing = _listing(answer, place)
    return _page(listing["children"], place, after=listing.get("after"))


def read_tree(answer: object, place: str) -> Page:
    """Return a submission and the comments that are served with it. Raises: CollectError: it is no such pair."""
    if not isinstance(answer, list) or len(answer) != 2:  # noqa: PLR2004 - the submission and its comments
        raise CollectError(PLATFORM, f"{place}: expected a submission and its comments; the API may have changed")
    children = [child for half in answer for child in _listing(half, place)["children"]]
    return _page(children, place)


def read_more(answer: object, place: str) -> Page:
    """Return the comments that stood behind a stub. Raises: CollectError: the answer holds no list of them."""
    try:
        children = answer["json"]["data"]["things"]  # type: ignore[index]  # what is no such object raises TypeError
    except (TypeError, KeyError, IndexError) as error:
        raise CollectError(PLATFORM, f"{place}: expected json.data.things; the API may have changed") from error
    if not isinstance(children, list):
        raise CollectError(PLATFORM, f"{place}: expected a list in json.data.things; the API may have changed")
    return _page(children, place)


def is_continued(step: str) -> str | None:
    """Return the comment whose answers must be asked for below itself, None where `step` is a comment's own id."""
    return step.removeprefix(_CONTINUED) if step.startswith(_CONTINUED) else None


def _listing(answer: object, place: str) -> dict[str, Any]:
    listing = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listing, dict) or not isinstance(listing.get("children"), list):
        raise CollectError(PLATFORM, f"{place}: expected a listing with children; the API may have changed")
    after = listing.get("after")
    return {"children": listing["children"], "after": after if isinstance(after, str) and after else None}


def _page(children: list[object], place: str, after: str | None = None) -> Page:
    things: list[Thing] = []
    skipped: list[Skip] = []
    stubs: list[tuple[str, ...]] = []
    for kind, body in _flattened(children):
        if kind == "more":
            stubs.extend(_stub(body))
            continue
        try:
            things.append(_thing(kind, body))
        except (ValidationError, ValueError) as error:
            skipped.append(Skip(place=f"{PLATFORM} {place}, item {_named(body)}", reason=_reason(error)))
    return Page(things=tuple(things), skipped=tuple(skipped), after=after, stubs=tuple(stubs))


def _flattened(children: list[object]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield kind and body of every node of a tree, parents before their answers."""
    waiting = list(reversed(children))
    while waiting:
        node = waiting.pop()
        body = node.get("data") if isinstance(node, dict) else None
        if not isinstance(node, dict) or not isinstance(body, dict):
            yield "", {}
            continue
        yield str(node.get("kind")), body
        replies = body.get("replies")
        below = replies.get("data") if isinstance(replies, dict) else None
        if isinstance(below, dict) and isinstance(below.get("children"), list):
            waiting.extend(reversed(below["children"]))


def _stub(body: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the steps behind one "more": ids of comments, or the parent to go on from."""
    ids = tuple(each for each in body.get("children") or () if isinstance(each, str) and each.isalnum())
    parent = body.get("parent_id")
    if ids:
        yield ids
    elif isinstance(parent, str) and parent.startswith(COMMENT):
        yield (_CONTINUED + parent.removeprefix(COMMENT),)


def _thing(kind: str, body: dict[str, Any]) -> Thing:
    """Return what a node says. Raises: ValidationError, ValueError: something it must have is missing or wrong."""
    if kind not in {"t1", "t3"}:
        raise ValueError(f"is a {one_line(kind)[:20] or 'nothing'}, not a submission or comment")
    raw = _Raw.model_validate({key: _clean(body[key]) for key in _FIELDS & body.keys()})
    is_comment = raw.name.startswith(COMMENT)
    if is_comment and (raw.body is None or raw.link_id is None or raw.parent_id is None):
        raise ValueError("is a comment without body, link_id or parent_id")
    if not is_comment and not raw.title:
        raise ValueError("is a submission without title")
    own_words = (raw.body if is_comment else raw.selftext) or ""
    is_gone = own_words.strip() in _GONE_TEXTS or raw.removed_by_category is not None
    text = "\n\n".join(filter(None, (raw.title if not is_comment else "", own_words)))
    return Thing(
        name=raw.name,
        posted_at=_instant(raw.created_utc),
        subreddit=raw.subreddit,
        title="" if is_gone or is_comment else raw.title,
        text="" if is_gone else text,
        url=_url(raw),
        author=None if is_gone or raw.author in {None, "", _NOBODY} else raw.author,
        parent=raw.parent_id if is_comment else None,
        root=raw.link_id if is_comment else None,
        score=None if raw.score_hidden else raw.score,
        comments=raw.num_comments,
        crossposts=raw.num_crossposts,
        edited_at=_instant(raw.edited) if raw.edited is not True and raw.edited else None,
        is_gone=is_gone,
    )


def _clean(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _url(raw: _Raw) -> str:
    if raw.permalink.startswith("/"):
        return SITE + raw.permalink
    link, own = (raw.link_id or raw.name)[3:], raw.name[3:]
    return f"{SITE}/comments/{link}/" + (f"_/{own}/" if raw.link_id else "")


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def _named(body: dict[str, Any]) -> str:
    return one_line(str(body.get("name")))[:30] if body else "without data"


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        wrong = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"
    return str(error)
