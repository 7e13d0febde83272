"""What a drill is made of: frozen records, read from `data/NAME.toml` beside this file.

First step of a drill; `generation.py` turns a Scenario into rows. Texts and numbers live in the data files, checked
here as a whole, so a misspelt pool, slot or post is found on loading. Never draws a random number.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Self

from pydantic import Field, model_validator

from stormcone.errors import ConfigError
from stormcone.models import Kind
from stormcone.ports import Settings

PLATFORM = "drill"
SLOT = re.compile(r"\{(\w+)\}")
CALM_POOLS = ("calm_positive", "calm_neutral", "calm_negative")
REPLY_POOLS = ("reply_positive", "reply_neutral", "reply_negative")

_GIVEN_SLOTS = frozenset({"brand", "handle", "hashtag"})


class Pool(Settings):
    """Phrases of one mood. Slots such as {place} are filled from the scenario's `slots`."""

    templates: tuple[str, ...] = Field(min_length=1, description="phrases with slots")
    openers: tuple[str, ...] = Field(default=(), description="put in front of some texts")
    closers: tuple[str, ...] = Field(default=(), description="put behind some texts")
    garnish_share: float = Field(default=0.3, ge=0, le=1, description="share of texts that get an opener, or a closer")
    is_as_written: bool = Field(default=False, description="true: no careless spelling, and texts may repeat")
    typo_share: float = Field(default=0, ge=0, le=1, description="share of texts with two letters swapped")


class RateCurve(Settings):
    """How a crowd arrives: a linear rise, a plateau, an exponential decay."""

    messages: int = Field(gt=0, description="expected number of messages in all")
    rise_minutes: float = Field(ge=0, description="from the first message to the peak")
    plateau_minutes: float = Field(default=0, ge=0, description="how long the peak lasts")
    half_life_minutes: float = Field(gt=0, description="after the peak the rate halves in this time")


class Phase(Settings):
    """One crowd: when it comes, what it says, and who is in it."""

    crowd: str = Field(description="who they are, for readers of the data file")
    starts_minute: float = Field(ge=0, description="minutes after the start of the drill")
    rate: RateCurve
    pools: Mapping[str, float] = Field(default_factory=dict, description="pool -> weight")
    answers: str | None = Field(default=None, description="key of the own post they reply to; absent: free mentions")
    reposts: str | None = Field(default=None, description="key of the own post they repost; needs no pools")
    branch_share: float = Field(default=0, ge=0, le=1, description="share that answers another reply of the thread")
    stranger_share: float = Field(default=0.9, ge=0, le=1, description="share of authors never seen before")
    repeat_share: float = Field(default=0.08, ge=0, le=1, description="share written by somebody of this crowd again")
    authors: int | None = Field(default=None, gt=0, description="number of authors, where it is fixed")
    followers_median: float = Field(default=300, gt=0, description="of the strangers")
    large_accounts: int = Field(default=0, ge=0, description="messages from accounts of 50,000 to 2 million followers")
    account_age_days: tuple[float, float] = Field(default=(200, 4500), description="age of the strangers' accounts")
    likes_per_message: float = Field(default=0, ge=0, description="likes the own post gains with each message")
    reposts_per_message: float = Field(default=0, ge=0, description="reposts the own post gains with each message")
    quotes_per_message: float = Field(default=0, ge=0, description="quotes the own post gains with each message")


class OwnPost(Settings):
    """A post of the brand during the live part."""

    key: str = Field(description="name by which phases refer to it")
    at_minute: float = Field(ge=0, description="minutes after the start of the drill")
    text: str


class Bot(Settings):
    """The brand's own automatic account: posts at machine rhythm from a pool."""

    starts_minute: float = Field(ge=0)
    posts: int = Field(gt=0)
    every_minutes: float = Field(gt=0)
    pool: str


class Expected(Settings):
    """What a detector should make of the drill; for tests only, the generator never looks at it."""

    kind: Kind | None = Field(default=None, description="absent: no incident of any kind is needed")
    pages: bool | None = Field(default=None, description="absent: either way can be defended")


class Scenario(Settings):
    """One drill, as its data file tells it. All minutes count from the start of the live part."""

    name: str = Field(description="name of the data file")
    title: str
    story: str = Field(description="one sentence for the person who plays it")
    brand: str
    handle: str = Field(description="the brand's account, without the @")
    hashtag: str = Field(description="without the #")
    followers: int = Field(gt=0, description="of the brand's account")
    platform: str = PLATFORM
    start_hour: int = Field(default=13, ge=0, le=23, description="hour (UTC) at which the story begins")
    live_minutes: int = Field(default=720, gt=0, description="length of the live part")
    mentions_per_hour: float = Field(default=20, gt=0, description="calm mean over a week")
    calm_weights: tuple[float, float, float] = Field(
        default=(0.3, 0.5, 0.2), description="calm mentions: positive, neutral, negative"
    )
    calm_stranger_share: float = Field(default=0.4, ge=0, le=1, description="of calm mentions")
    posts_per_day: int = Field(default=2, ge=0, le=8, description="ordinary own posts")
    posts_go_on: bool = Field(default=False, description="true: ordinary own posts also in the live part")
    replies_mean: float = Field(default=14.5, gt=0, description="replies to an ordinary own post within a day")
    likes_per_reply: float = Field(default=8, gt=0, description="of an ordinary own post")
    likes_spread: float = Field(
        default=0, ge=0, description="sigma of a lognormal by which posts differ in likes alone"
    )
    reply_scale_minutes: float = Field(
        default=30, gt=0, description="of the power law by which an ordinary post is answered; 30 and 0.5: half in 70"
    )
    reply_power: float = Field(default=0.5, gt=0, description="exponent of that law; larger: fewer late answers")
    slots: Mapping[str, tuple[str, ...]] = Field(default_factory=dict, description="what {slots} stand for")
    pools: Mapping[str, Pool]
    posts: tuple[OwnPost, ...] = ()
    bots: tuple[Bot, ...] = ()
    phases: tuple[Phase, ...] = ()
    expected: Expected = Expected()

    @model_validator(mode="after")
    def _names_point_somewhere(self) -> Self:
        keys = {post.key for post in self.posts}
        for phase in self.phases:
            _refuse_missing("post", {phase.answers, phase.reposts} - {None}, keys)
            _refuse_missing("pool", phase.pools, self.pools)
            if not (phase.pools or phase.reposts):
                raise ValueError(f"phase {phase.crowd!r} has no pools")
        _refuse_missing("pool", (*CALM_POOLS, *REPLY_POOLS, "own_posts"), self.pools)
        _refuse_missing("pool", [bot.pool for bot in self.bots], self.pools)
        for pool in self.pools.values():
            for template in (*pool.templates, *pool.openers, *pool.closers):
                _refuse_missing("slot", SLOT.findall(template), {*self.slots, *_GIVEN_SLOTS})
        for values in self.slots.values():
            if SLOT.search(" ".join(values)):
                raise ValueError(f"a slot's values hold no slots themselves: {values}")
        return self

    def start_on(self, day: date) -> datetime:
        """Return the instant of `day` (UTC) at which the story begins.

        >>> load_scenario("placeholder-post").start_on(date(2026, 1, 2)).isoformat()
        '2026-01-02T01:00:00+00:00'
        """
        return datetime.combine(day, time(self.start_hour), tzinfo=UTC)


def drill_names() -> tuple[str, ...]:
    """Return the names of all drills, sorted.

    >>> "arms-photo-day" in drill_names()
    True
    """
    return tuple(sorted(each.name.removesuffix(".toml") for each in _data().iterdir() if each.name.endswith(".toml")))


@cache
def load_scenario(name: str) -> Scenario:
    """Return the drill called `name`.

    Raises: ConfigError: there is no such drill; the message names the known ones.
    >>> load_scenario("arms-photo-day").brand
    'Harrow & Vane Defence'
    """
    if name not in drill_names():
        raise ConfigError("collectors.drill.name", value=name, remedy=f"give one of {', '.join(drill_names())}")
    tables = _read(_data() / f"{name}.toml")
    shared = _read(_data() / "shared" / "calm.toml")
    merged = {key: {**shared[key], **tables[key]} for key in ("slots", "pools")}
    return Scenario.model_validate({**tables, **merged, "name": name})


@cache
def handle_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the first and second words that invented handles are put together from."""
    tables = _read(_data() / "shared" / "people.toml")
    return tuple(tables["first"]), tuple(tables["second"])


def _data() -> Any:  # noqa: ANN401 - Traversable moved between modules from 3.11 to 3.14
    return files("collectors.drills") / "data"


def _read(file: Any) -> dict[str, Any]:  # noqa: ANN401 - same
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _refuse_missing(what: str, named: Any, known: Any) -> None:  # noqa: ANN401 - any two collections of names
    for name in named:
        if name not in known:
            raise ValueError(f"{what} {name!r} is not defined; known are {', '.join(sorted(known))}")
