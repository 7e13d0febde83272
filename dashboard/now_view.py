"""Everything the Now page shows of one brand at one instant, read in one go and shared by all viewers.

Store records in, one frozen view out. Reads rollups and bounded indexes only; judges through `state`, draws nothing.
Texts of strangers are cleaned and cut here, so that a megabyte never waits in a cache.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.signals.ratio import ratio
from dashboard.context import OpenStore
from dashboard.escaping import NAME_CHARS, lang_tag, plain, safe_address
from dashboard.figures import Frame, Happening, Occurrence, Window, build_frame, window_bounds
from dashboard.life_signs import LifeSign, read_life_signs
from dashboard.recent import Recent, read_recent
from dashboard.state import Status, hoisted_level, judge
from dashboard.wording import certainty
from stormcone.advising import Advised, advised_on, advised_since
from stormcone.clock import DrillClock, SystemClock
from stormcone.collecting.thrift import burn_sentence, standing
from stormcone.config import Config
from stormcone.journal import StoredVerdict, read_verdict
from stormcone.models import BudgetStanding, Incident, IncidentEvent, Level, ScoredMention, SourceHealth
from stormcone.ports import Thrift
from stormcone.store import OwnPostSummary, Spent

HOSTILE_SPAN = timedelta(hours=2)
_OWN_POST_SPAN = timedelta(days=7)
_OWN_POSTS = 12
_HOSTILE_ROWS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """One own post of the risk table. ratio: replies and quotes per like, None where the likes are not known."""

    against: float
    replies: int
    ratio: float | None
    posted_at: datetime
    text: str
    is_deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileRow:
    """One mention against the brand. p_against: 0..1; certainty: a mark where that is a guess, else empty."""

    followers: int | None
    author: str
    text: str
    p_against: float
    certainty: str
    platform: str
    posted_at: datetime
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """What a source has spent, in one sentence. is_sparing: it leaves something out to keep within its allowance."""

    source: str
    sentence: str
    is_sparing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NowView:
    """One look at one brand.

    incidents: live ones, worst first; the first one leads the page. verdict: on the leading incident, else on the
    brand's stream; None where there is none. advised, advised_at: the advice with what people answered, and since when
    it has been this. events: the leading incident's, oldest first. promised_per_month: false
    pages, as the settings say now. budget: what was kept of it, None until a watcher has counted.
    """

    brand: str
    now: datetime
    drill: DrillClock | None
    status: Status
    verdict: StoredVerdict | None
    advised: Advised
    advised_at: datetime
    incidents: tuple[Incident, ...]
    events: tuple[IncidentEvent, ...]
    recent: Recent
    frame: Frame
    own_posts: tuple[PostRow, ...]
    hostile: tuple[HostileRow, ...]
    sources: tuple[SourceHealth, ...]
    burns: tuple[Burn, ...]
    life_signs: tuple[LifeSign, ...]
    promised_per_month: float
    budget: BudgetStanding | None


def read_now(opened: OpenStore, config: Config, brand: str, window: Window) -> NowView:
    """Return what is known of `brand` now. Raises: StoreError: the database cannot be read."""
    store, now = opened.store, opened.clock.now()
    newest = store.readings.newest(brand)
    stream = read_verdict(newest) if newest else None
    incidents = worst_first([each for each in store.incidents.live() if each.brand == brand])
    lead = incidents[0] if incidents else None
    events = store.incidents.events(lead.id) if lead and lead.id is not None else ()
    sources = _enabled(store.sources.health(), config)
    posts = store.reads.own_posts(brand, since=now - _OWN_POST_SPAN)
    verdict = _leading_verdict(lead, stream, events)
    answers = store.answers.of(lead.id) if lead and lead.id is not None else ()
    advised = advised_on(verdict, answers, config.advice)
    return NowView(
        brand=brand,
        now=now,
        drill=opened.clock if isinstance(opened.clock, DrillClock) else None,
        status=judge(
            verdict_level=Level.from_word(stream.level) if stream else None,
            verdict_at=stream.at if stream else None,
            trust=stream.trust if stream else None,
            incidents=incidents,
            sources=sources,
            now=now,
            bin_minutes=config.watch.bin_minutes,
        ),
        verdict=verdict,
        advised=advised,
        advised_at=advised_since(events, advised, lead.opened_at) if lead else now,
        incidents=incidents,
        events=events,
        recent=read_recent(opened, brand, now),
        frame=_frame(opened, config, brand, window, now, posts),
        own_posts=_by_risk(posts),
        hostile=_hostile(opened, brand, now, window),
        sources=sources,
        burns=tuple(_burns(store.spending.by_source(at=now), config)),
        life_signs=read_life_signs(store, SystemClock().now()),
        promised_per_month=config.brand_named(brand).false_pages_per_month,
        budget=store.budget.newest(brand),
    )


def _burns(spent: Mapping[str, Spent], config: Config) -> Iterator[Burn]:
    for name, settings in config.enabled_sources.items():
        known = spent.get(name, Spent())
        sentence = burn_sentence(
            settings,
            requests_today=known.requests_today,
            cost_usd_today=known.cost_usd_today,
            cost_usd_month=known.cost_usd_month,
        )
        if sentence is not None:
            left = standing(settings, requests_today=known.requests_today, cost_usd_month=known.cost_usd_month)
            yield Burn(source=name, sentence=sentence, is_sparing=left.thrift > Thrift.NONE)


def worst_first(incidents: Sequence[Incident]) -> tuple[Incident, ...]:
    """Return incidents by level on the mast, then severity, then newest."""
    return tuple(sorted(incidents, key=lambda each: (hoisted_level(each), each.severity, each.opened_at), reverse=True))


def verdict_of(event: IncidentEvent) -> StoredVerdict | None:
    """Return the verdict an event was made of, None where a person or the clock made it."""
    if event.verdict_json is None:
        return None
    try:
        return read_verdict(event.verdict_json)
    except (KeyError, TypeError, ValueError):  # a transition without a verdict has the same keys, but empty
        return None


def _enabled(sources: Sequence[SourceHealth], config: Config) -> tuple[SourceHealth, ...]:
    """Leave out sources that were switched off since they last polled."""
    off = set(config.sources) - set(config.enabled_sources)
    return tuple(each for each in sources if each.name not in off)


def _leading_verdict(
    lead: Incident | None, stream: StoredVerdict | None, events: Sequence[IncidentEvent]
) -> StoredVerdict | None:
    if lead is None or lead.post is None:
        return stream
    told = [verdict for event in reversed(events) if (verdict := verdict_of(event)) is not None]
    return told[0] if told else stream


def _frame(
    opened: OpenStore,
    config: Config,
    brand: str,
    window: Window,
    now: datetime,
    posts: Sequence[OwnPostSummary],
) -> Frame:
    store = opened.store
    since, until = window_bounds(window, now)
    step = timedelta(minutes=config.watch.bin_minutes)
    return build_frame(
        window,
        now,
        tone=opened.screens.tone(brand, since=since, until=until, bucket_minutes=window.bucket_minutes),
        steps=store.readings.steps(brand, since=since, until=until + step),
        step_minutes=config.watch.bin_minutes,
        gaps=store.sources.gaps(since=since, brand=brand),
        occurrences=(
            *(Occurrence(at=each.mention.posted_at, what=Happening.OWN_POST, label="") for each in posts),
            *_incident_occurrences(opened, brand, since),
        ),
    )


def _incident_occurrences(opened: OpenStore, brand: str, since: datetime) -> list[Occurrence]:
    found = []
    for incident in opened.store.incidents.latest(brand=brand, since=since, limit=10):
        found.append(Occurrence(at=incident.opened_at, what=Happening.OPENED, label=f"#{incident.id}"))
        found.extend(
            Occurrence(at=each.at, what=Happening.DECISION, label=each.decision.value)
            for each in opened.store.incidents.decisions(incident.id)
        )
    return found


def _by_risk(posts: Sequence[OwnPostSummary]) -> tuple[PostRow, ...]:
    ranked = sorted(posts, key=lambda each: (each.against, each.replies, each.mention.posted_at), reverse=True)
    return tuple(map(_post_row, ranked[:_OWN_POSTS]))


def _post_row(post: OwnPostSummary) -> PostRow:
    seen = post.engagement
    likes = seen.likes if seen and seen.likes is not None else post.mention.likes
    replies = seen.replies if seen and seen.replies is not None else post.replies
    quotes = seen.quotes if seen and seen.quotes is not None else 0
    return PostRow(
        against=post.against,
        replies=replies,
        ratio=None if likes is None else ratio(replies=replies, quotes=quotes, likes=likes),
        posted_at=post.mention.posted_at,
        text=plain(post.mention.text),
        is_deleted=post.is_deleted,
    )


def _hostile(opened: OpenStore, brand: str, now: datetime, window: Window) -> tuple[HostileRow, ...]:
    since = now - min(HOSTILE_SPAN, window.length)
    return tuple(map(_hostile_row, opened.store.reads.loudest(brand, since=since, until=now, limit=_HOSTILE_ROWS)))


def _hostile_row(scored: ScoredMention) -> HostileRow:
    mention = scored.mention
    return HostileRow(
        followers=mention.author_followers,
        author=plain(mention.author or "", max_chars=NAME_CHARS),
        text=plain(mention.text),
        p_against=scored.scores.p_against,
        certainty=certainty(scored.scores.confidence, lang_tag(scored.scores.lang)),
        platform=plain(mention.platform, max_chars=NAME_CHARS),
        posted_at=mention.posted_at,
        address=safe_address(mention.url),
    )
