"""Explains what becomes a transition: gathers what is stored of the storm, and hands it to the analysis.

Between the desk and the store, and at the start between the store and the backgrounds. Also says which mentions an
explanation rests on, so that they are kept as evidence. Never judges, never writes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analysis.background_feed import STRETCH, TAKEN_OF_STRETCH, BackgroundFeed, start_of_stretch
from analysis.carriers import LARGE_FOLLOWERS
from analysis.explaining import MOST_READ, explain
from stormcone.models import BrandMinute, Explanation, Incident, Level, Place, ScoredMention, State, Transition
from stormcone.pipeline.brands import Brands
from stormcone.store import Store

_KEPT = 12  # mentions kept with a transition beside those that the explanation names: enough to show, few to read
_MOST_LARGE = 50  # mentions by large accounts that are read: the first of a storm
_LONGEST = timedelta(hours=24)  # part of a storm that is read; what carried it further back was told before
# A first page is explained by the few who made it come. While the storm lasts it is explained anew, after pauses that
# double: what people are angry about is settled within the first half hour.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=1)
_INCIDENTS = 200  # of a brand in four weeks; more were no incidents


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A transition whose verdict has its explanation, and the mentions to keep: exemplars first, then most reach."""

    transition: Transition
    kept: tuple[ScoredMention, ...]


class Explainer:
    """Explains transitions."""

    def __init__(self, store: Store, brands: Brands, *, window_minutes: int) -> None:
        self._reads = store.reads
        self._brands = brands
        self._window = timedelta(minutes=window_minutes)
        self._refreshed: dict[int, tuple[datetime, timedelta]] = {}  # incident -> when, and the pause after it

    def is_due(self, incident: Incident, at: datetime) -> bool:
        """Tell whether a running incident is to be explained anew."""
        if incident.id is None or incident.level_now < Level.WARN or incident.state is State.COOLING:
            return False
        last, pause = self._refreshed.get(incident.id, (incident.opened_at, _FIRST_PAUSE))
        return at - last >= pause

    def note_refreshed(self, incident: Incident, at: datetime) -> None:
        """Note that a running incident was explained anew."""
        assert incident.id is not None, "only a stored incident is due"
        _, pause = self._refreshed.get(incident.id, (at, _FIRST_PAUSE))
        lately = at - 2 * _LONGEST_PAUSE
        self._refreshed = {each: kept for each, kept in self._refreshed.items() if kept[0] > lately}
        self._refreshed[incident.id] = (at, min(2 * pause, _LONGEST_PAUSE))

    def explain(self, transition: Transition) -> Explained:
        """Return the transition with its verdict explained; as it is where it has none. Raises: StoreError."""
        verdict = transition.verdict
        if verdict is None:
            return Explained(transition=transition, kept=())
        name, post, until = verdict.brand, verdict.post, verdict.at
        since = max(transition.incident.opened_at - self._window, until - _LONGEST)
        newest = self._reads.newest_against(name, since=since, until=until, thread=post, limit=MOST_READ)
        large = self._reads.first_large_against(
            name, since=since, until=until, thread=post, followers=LARGE_FOLLOWERS, limit=_MOST_LARGE
        )
        loudest = self._reads.loudest(name, since=until - self._window, until=until, thread=post, limit=_KEPT)
        brand = self._brands.get(verdict.brand)
        explanation = explain(
            newest,
            brand.feed.background,
            large=[*large, *loudest],
            would_change=brand.watch.what_would_change(verdict),
        )
        return Explained(
            transition=replace(transition, verdict=replace(verdict, explanation=explanation)),
            kept=_kept(explanation, loudest, [*newest, *large]),
        )


def restore_background(
    store: Store, feed: BackgroundFeed, brand: str, minutes: Sequence[BrandMinute], now: datetime
) -> None:
    """Teach a new feed what it would have learned of the stored past.

    Args: minutes: the brand's stored minutes, oldest first: where they are silent the store is not asked.
    Raises: StoreError.
    """
    if not minutes:
        return
    incidents = store.incidents.latest(brand=brand, since=minutes[0].minute, limit=_INCIDENTS)
    storms = [(each.opened_at, each.resolved_at or now) for each in incidents]
    starts = dict.fromkeys(start_of_stretch(each.minute) for each in minutes)
    stretches = [(start, start + STRETCH) for start in starts]
    for scored in store.reads.first_of(brand, stretches, limit=TAKEN_OF_STRETCH):
        feed.restore(scored, storms)
    feed.note_incident(is_live=any(each.state.is_live for each in incidents))


def _kept(
    explanation: Explanation, loudest: Iterable[ScoredMention], others: Iterable[ScoredMention]
) -> tuple[ScoredMention, ...]:
    """Return the mentions to keep, each once: exemplars first, as notices quote the first ones, carriers last."""
    loud = {_place(each): each for each in loudest}
    known = {_place(each): each for each in others} | loud
    carried = [explanation.carriers.first_amplifier, *explanation.carriers.top_reach]
    named: list[Place] = [
        *((each.platform, each.mention_id) for each in explanation.exemplars),
        *loud,
        *((each.platform, each.mention_id) for each in carried if each is not None),
    ]
    return tuple(known[place] for place in dict.fromkeys(named))


def _place(scored: ScoredMention) -> Place:
    return scored.mention.platform, scored.mention.id
