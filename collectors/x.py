"""X through tweepy: own posts and their figures, mentions, threads, keywords, counts, likes, deletions.

A collector; its private parts stand beside it as `_x_*.py`: the gateway (client), what answers say (items), what a
poll gathers (haul), walks through pages, and the steps. Reads only; never posts, never waits on a rate limit. (Here
alone a post may be called a tweet: X's older field names do.)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Final
from urllib.parse import urlsplit

from pydantic import Field

from collectors._x_client import Gateway
from collectors._x_cursor import XCursor
from collectors._x_figures import Figures
from collectors._x_items import PLATFORM
from collectors._x_lookups import Lookups
from collectors._x_meter import Meter, ReadToday
from collectors._x_queries import brand_queries, unsearchable
from collectors._x_strangers import StrangerWatch
from collectors._x_threads import ThreadWatch
from collectors._x_visit import Terms, Visit
from collectors._x_walker import Walker
from stormcone.collecting import WATCHED_DAYS, Stretch
from stormcone.errors import Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, Thrift

_PAUSE: Final = timedelta(minutes=10)  # length of one gap while only counts can be paid for
_MOST_PAUSES: Final = 1_000  # a week of them
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_SHORTEST_TIMEOUT: Final = 0.05  # seconds; what is left before the deadline may be nothing


class XSettings(SourceSettings):
    """[collectors.x]: X, read with a bearer token of its paid API."""

    base_url: str = Field(default="https://api.x.com", pattern="^https?://", description="where X's API answers")
    bearer_token_env: str = Field(
        default="X_BEARER_TOKEN", description="name of the environment variable that holds the bearer token"
    )
    deletion_check_seconds: float = Field(
        default=86400, gt=0, description="seconds after which a stored post of others is looked up again"
    )
    deletion_checks_per_day: int = Field(
        default=500, ge=0, description="most look-ups of others' posts a UTC day that X bills ($0.005 each)"
    )
    stranger_answers_per_day: int = Field(
        default=500,
        ge=0,
        description="most posts a UTC day that X may bill for answers below others' hot posts ($0.005 each); 0: none",
    )
    counts_seconds: float = Field(
        default=300, gt=0, description="seconds between two counts per minute ($0.005 for each brand)"
    )
    likes_seconds: float = Field(
        default=900,
        ge=0,
        description="seconds between two looks at what official and executive accounts like; 0: never",
    )
    first_hours: float = Field(
        default=24, gt=0, le=160, description="hours of the past that the first poll of all collects"
    )
    resolve_authors: bool = Field(
        default=False,
        description="true asks for name, followers and age of each author: $0.010 an author and day",
    )


class XCollector(Collector):
    """Polls X."""

    platform: ClassVar[str] = PLATFORM
    has_counts: ClassVar[bool] = True
    Settings: ClassVar[type[SourceSettings]] = XSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, XSettings):
            raise TypeError(f"X is read with XSettings, not {type(settings).__name__}")
        self._x = settings
        self._read_today = ReadToday()

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new on X since `cursor`.

        Raises: RateLimited, Refused, CollectError: no request was answered, for this reason.
        """
        known, skipped = XCursor.read(PLATFORM, cursor)
        clock = self.context.clock
        meter = Meter(allowance=allowance, deadline=deadline, clock=clock, read_today=self._read_today)
        terms = Terms(
            brands=self.context.brands,
            archive=self.context.archive,
            now=clock.now(),
            thrift=allowance.thrift,
            first=timedelta(hours=self._x.first_hours),
            poll=timedelta(seconds=self._x.poll_seconds),
        )
        with self._gateway(meter) as gateway:
            visit = Visit(terms=terms, cursor=known, gateway=gateway, meter=meter)
            visit.haul.skip(skipped)
            _Round(visit=visit, settings=self._x).run()
        return visit.batch()

    def check(self) -> str | None:
        """Return one line saying what in the settings keeps X from being read as wanted, or None."""
        address = urlsplit(self._x.base_url)
        if not self._token():
            return f"{PLATFORM}: the environment variable {self._x.bearer_token_env} holds no bearer token; set it"
        if address.scheme == "http" and address.hostname not in _LOOPBACK:
            return f"{PLATFORM}: collectors.x.base_url would send the key unencrypted; write https://"
        for brand in self.context.brands:
            if words := unsearchable(brand):
                return f"{PLATFORM}: brand {brand.name}: {words[0][:40]!r}... is too long for a search on X; shorten it"
        if not any(brand.handles or brand_queries(brand) for brand in self.context.brands):
            return f"{PLATFORM}: no brand names an account, keyword or hashtag for X; add one under [[brand]]"
        return None

    def probe(self) -> None:
        """Ask for the app's own usage, which costs nothing. Raises: RateLimited, Refused, CollectError."""
        deadline = self.context.clock.now() + timedelta(seconds=self._x.timeout_seconds)
        meter = Meter(allowance=Allowance(), deadline=deadline, clock=self.context.clock, read_today=self._read_today)
        with self._gateway(meter) as gateway:
            gateway.usage()

    def _token(self) -> str:
        return self.context.secrets.get(self._x.bearer_token_env, "").strip()

    def _gateway(self, meter: Meter) -> Gateway:
        token = self._token()
        if not token or not (token.isascii() and token.isprintable()):
            remedy = f"set the environment variable {self._x.bearer_token_env} to the bearer token of your app"
            raise Refused(PLATFORM, "there is no bearer token", remedy=remedy)
        return Gateway(
            base_url=self._x.base_url,
            token_name=self._x.bearer_token_env,
            token=token,
            seconds=lambda: max(_SHORTEST_TIMEOUT, min(self._x.timeout_seconds, meter.seconds_left)),
            now=self.context.clock.now,
            with_authors=self._x.resolve_authors,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """The steps of one poll, those first that are cheap and where most storms begin."""

    visit: Visit
    settings: XSettings

    def run(self) -> None:
        """Take the steps that thrift allows."""
        visit, figures = self.visit, Figures(self.visit)
        thrift = visit.terms.thrift
        if thrift >= Thrift.COUNTS_ONLY:
            self._pause()
            self._count(figures)
            return
        visit.step("accounts", figures.accounts)
        visit.step("owner", figures.owner)
        visit.haul.know(visit.known_accounts())
        walker, lookups = Walker(visit), Lookups(visit)
        self._own_and_public(walker, lookups, figures)
        if thrift < Thrift.SAMPLED:
            visit.step("back-fill", walker.fill)
            self._likes(lookups)
            every = timedelta(seconds=self.settings.deletion_check_seconds)
            most = self.settings.deletion_checks_per_day
            visit.step("stored posts", partial(lookups.others, every=every, most_billed=most))
        self._resume()

    def _own_and_public(self, walker: Walker, lookups: Lookups, figures: Figures) -> None:
        visit, first = self.visit, self.visit.terms.first
        accounts = [account.key for account in visit.known_accounts()]
        walks = [(f"own/{key}", timedelta(days=WATCHED_DAYS)) for key in accounts]
        walks += [(f"mentions/{key}", first) for key in accounts]
        if visit.terms.thrift < Thrift.NO_SEARCH:
            walks += [
                (f"search/{brand.name}/{index}", first)
                for brand in visit.terms.brands
                for index, _ in enumerate(brand_queries(brand))
            ]
        back = dict(walks)
        steps = {name: partial(walker.walk_on, name, back[name]) for name in walker.by_turn(list(back))}
        refused = visit.old.first_step
        if refused in steps:
            visit.step(refused, steps.pop(refused))
        self._walk(steps, "own/")
        visit.step("figures", lookups.own_posts)
        self._count(figures)
        self._walk(steps, "mentions/")
        ThreadWatch(visit, walker).run()
        self._walk(steps, "search/")
        if self.settings.stranger_answers_per_day and visit.terms.thrift < Thrift.NO_SEARCH:
            StrangerWatch(visit, most_billed=self.settings.stranger_answers_per_day).run()

    def _walk(self, steps: "dict[str, partial[None]]", kind: str) -> None:
        for name, step in steps.items():
            if name.startswith(kind):
                self.visit.step(name, step)

    def _count(self, figures: Figures) -> None:
        last, now = self.visit.old.counted_at, self.visit.terms.now
        if last is None or now - last >= timedelta(seconds=self.settings.counts_seconds):
            figures.volumes()

    def _likes(self, lookups: Lookups) -> None:
        pause, last = timedelta(seconds=self.settings.likes_seconds), self.visit.old.liked_at
        if pause and not self.visit.is_over and (last is None or self.visit.terms.now - last >= pause):
            lookups.likes(self.visit.known_accounts())

    def _pause(self) -> None:
        """Say that nobody looks while only counts can be paid for; the marks stay, and later walks catch up."""
        visit, paused = self.visit, self.visit.old.paused
        started_at = paused[-1].ended_at if paused else visit.old.polled_at or visit.terms.now
        if visit.terms.now - started_at >= _PAUSE:
            stretch = Stretch(started_at=started_at, ended_at=visit.terms.now)
            visit.gaps.append(stretch.gap(PLATFORM))
            paused = (*paused, stretch)[-_MOST_PAUSES:]
        # While it lasts, the moment of the last full poll is kept: the first gap begins there.
        visit.changes |= {"paused": paused, "polled_at": visit.old.polled_at or visit.terms.now}

    def _resume(self) -> None:
        """Close the gaps of a pause once every walk has come through; what it left out is a stretch of its own."""
        visit = self.visit
        if visit.old.paused and visit.error is None and not visit.is_over:
            visit.filled += [stretch.gap(PLATFORM) for stretch in visit.old.paused]
            visit.changes["paused"] = ()
