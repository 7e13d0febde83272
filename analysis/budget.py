"""Keeps the promise of few false pages: what people decided on pages becomes the threshold of the next page.

Beside the detectors, above none of them: the pipeline hands in the history of a brand, the verdict multiplies the
allowed rate of pages with the factor found here. Pure: the same history gives the same factor, also after a restart.
No theorem about storms is promised; see `Controller`.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from stormcone.backtest import Pager
from stormcone.config import DetectorSettings
from stormcone.models import (
    BudgetStanding,
    Decision,
    DecisionRecord,
    IncidentEvent,
    Judgement,
    Page,
    Promise,
    WatchedDay,
)

MONTH_DAYS: Final = 30.0
WINDOW_DAYS: Final = 90  # what "lately" means on screens: three months, so that one page is not the whole story
LEAST_DAYS: Final = 15.0  # watched; a rate a month from less than half a month is mostly luck
VOUCHED_DAYS: Final = 30  # a page judged right speaks for the month before it
_DEBT_PAGES = 4  # without them a detector that is wrong by 4 keeps 1.15 of the promise, with them 1.0
_WORTH_SAYING = 1.2  # times rarer or weaker; a smaller difference decides next to nothing


@dataclass(slots=True, kw_only=True)
class Controller:
    """Turns watched time and false pages into the factor on the allowed rate of pages.

        log factor <- log factor + step * promised * months     for watched time
        log factor <- log factor - step                         for each page judged false

    So a false page costs what 1/promised watched months without one bring back, and over any stretch

        false pages <= promised * months + (log factor at the start - log factor at the end) / step,

    which is bookkeeping and holds whatever the streams do. The books run on for four pages below `least`, where the
    factor itself stops; once they are full, too, the bound is gone: a detector that is wrong by more than that is
    shown as such, not made deaf.
    Time alone lifts the factor to 1 and no further; above that only time that pages judged right vouch for does. So a
    team that judges nothing gets what the detector alone promises, and pages nobody judged change nothing.

    Source: the online update of adaptive conformal inference (Gibbs, Candes: "Adaptive conformal inference under
    distribution shift", NeurIPS 2021, arXiv 2106.00170) on the logarithm of the rate, with time in the place of
    trials; limits and vouching are own definitions.
    >>> controller = Controller(step=0.5, least=0.125, most=2.0)
    >>> for _ in range(3):
    ...     controller.judge_false(datetime(2026, 1, 1, tzinfo=UTC))
    >>> round(controller.factor, 2)
    0.22
    >>> controller.watch(months=12.0, promised=1.0, is_vouched=False)
    >>> controller.factor
    1.0
    """

    step: float
    least: float
    most: float
    tightened_pages: int = 0
    tightened_since: datetime | None = None
    _log: float = field(default=0.0)

    @property
    def factor(self) -> float:
        """The factor now, in [least, most]."""
        return max(math.exp(self._log), self.least)

    def watch(self, *, months: float, promised: float, is_vouched: bool) -> None:
        """Let watched time pass.

        Args: months: watched, in months of 30 days. promised: false pages allowed a month. is_vouched: a page soon
            after it was judged right.
        """
        highest = math.log(self.most) if is_vouched else 0.0
        self._log = max(self._log, min(self._log + self.step * promised * months, highest))
        if self._log >= 0:
            self.tightened_pages, self.tightened_since = 0, None

    def judge_false(self, at: datetime) -> None:
        """Take in that the page at `at` was false."""
        self._log = max(self._log - self.step, math.log(self.least) - _DEBT_PAGES * self.step)
        self.tightened_pages += 1
        self.tightened_since = self.tightened_since or at


def judged_pages(events: Iterable[IncidentEvent], decisions: Iterable[DecisionRecord]) -> tuple[Page, ...]:
    """Return every page of some incidents with what people made of it, oldest first.

    An incident is a page when it reaches that level, and again when it is reopened at it, as replays count. A page is
    judged by the last decision before the next page of its incident; where there is none, by that of the next page,
    for it is the same surge.
    Args: events: whole timelines, each oldest first, incident after incident. decisions: oldest first.
    """
    decided = defaultdict(list)
    for each in decisions:
        decided[each.incident_id].append(each)
    pages: list[Page] = []
    for incident_id, timeline in groupby(events, key=lambda event: event.incident_id):
        following = Judgement.UNJUDGED
        until = datetime.max.replace(tzinfo=UTC)
        for at in reversed(_paged_at(timeline)):
            said = [each.decision for each in decided[incident_id] if at <= each.at < until]
            if said:
                following = Judgement.FALSE if said[-1] is Decision.FALSE_ALARM else Judgement.TRUE
            pages.append(Page(at=at, judgement=following))
            until = at
    return tuple(sorted(pages, key=lambda page: page.at))


def _paged_at(timeline: Iterable[IncidentEvent]) -> list[datetime]:
    pager = Pager()
    return [event.at for event in timeline if pager.rings(event.incident_id, event.moment, event.level)]


def stand(
    brand: str,
    *,
    now: datetime,
    promises: Sequence[Promise],
    days: Sequence[WatchedDay],
    pages: Sequence[Page],
    settings: DetectorSettings,
) -> BudgetStanding:
    """Return where a brand's budget stands at `now`.

    Args: promises: at least one, oldest first; the first holds before its own time too. days: watched, oldest first;
        pages before the first of them are of a time nobody remembers and count for nothing. pages: oldest first.
    Raises: ValueError: there is no promise.
    """
    if not promises:
        raise ValueError(f"brand {brand}: a budget needs a promise")
    known = [page for page in pages if days and days[0].day <= _day(page.at) and page.at <= now]
    controller = _controlled(now, promises, days, known, settings)
    since = now - timedelta(days=WINDOW_DAYS)
    recent = [page.judgement for page in known if _day(page.at) > _day(since)]
    watched = sum(each.hours for each in days if _day(since) < each.day <= _day(now)) / 24.0
    is_tight = controller.factor < 1.0
    return BudgetStanding(
        brand=brand,
        at=now,
        promised_per_month=promises[-1].per_month,
        factor=controller.factor,
        window_days=WINDOW_DAYS,
        watched_days=watched,
        pages=len(recent),
        judged_false=recent.count(Judgement.FALSE),
        judged_true=recent.count(Judgement.TRUE),
        realised_per_month=_realised(recent, watched),
        tightened_pages=controller.tightened_pages if is_tight else 0,
        tightened_since=controller.tightened_since if is_tight else None,
    )


def _realised(recent: Sequence[Judgement], watched_days: float) -> float | None:
    """Return the false pages a watched month, None where too little was watched or nobody judged any page."""
    nobody_judged = bool(recent) and set(recent) == {Judgement.UNJUDGED}
    if watched_days < LEAST_DAYS or nobody_judged:
        return None
    return recent.count(Judgement.FALSE) * MONTH_DAYS / watched_days


def _controlled(
    now: datetime,
    promises: Sequence[Promise],
    days: Sequence[WatchedDay],
    pages: Sequence[Page],
    settings: DetectorSettings,
) -> Controller:
    """Play the history day by day: its watched hours, then its false pages.

    Of today only the pages count, so that a restart within the day finds the same factor.
    """
    controller = Controller(
        step=settings.budget_step, least=settings.budget_least_factor, most=settings.budget_most_factor
    )
    hours = {each.day: each.hours for each in days if each.day < _day(now)}
    false = defaultdict(list)
    for page in pages:
        if page.judgement is Judgement.FALSE:
            false[_day(page.at)].append(page.at)
    vouched = _vouched(pages)
    for day in sorted({*hours, *false}):
        controller.watch(
            months=hours.get(day, 0.0) / 24.0 / MONTH_DAYS, promised=_promised(promises, day), is_vouched=day in vouched
        )
        for at in false[day]:
            controller.judge_false(at)
    return controller


def _vouched(pages: Sequence[Page]) -> set[date]:
    """Return the days of which a page judged right says that storms are there to be found, and somebody judges."""
    right = [_day(page.at) for page in pages if page.judgement is Judgement.TRUE]
    return {day - timedelta(days=back) for day in right for back in range(VOUCHED_DAYS)}


def _promised(promises: Sequence[Promise], day: date) -> float:
    """Return what was promised on a day; on the day of a change, what was promised in the end."""
    for promise, following in pairwise(promises):
        if day < _day(following.since):
            return promise.per_month
    return promises[-1].per_month


def budget_sentence(standing: BudgetStanding) -> str | None:
    """Return why a page asks for rarer or weaker evidence than the promise alone would, None where it does not.

    >>> at = datetime(2026, 3, 21, tzinfo=UTC)
    >>> budget_sentence(BudgetStanding(
    ...     brand="acme", at=at, promised_per_month=1.0, factor=0.33, window_days=90, watched_days=60.0, pages=4,
    ...     judged_false=3, judged_true=0, realised_per_month=1.5, tightened_pages=3,
    ...     tightened_since=datetime(2026, 3, 1, tzinfo=UTC)))
    '3 pages in 20 days were marked false: pages need 3 times rarer evidence now'
    """
    if standing.tightened_since is not None and 1 / standing.factor >= _WORTH_SAYING:
        count, days = (
            standing.tightened_pages,
            max(1, round((standing.at - standing.tightened_since) / timedelta(days=1))),
        )
        said = f"{count} page{'s' * (count > 1)} in {days} day{'s' * (days > 1)} {'were' if count > 1 else 'was'}"
        return f"{said} marked false: pages need {_times(1 / standing.factor)} rarer evidence now"
    if standing.factor >= _WORTH_SAYING:
        return (
            f"fewer pages were marked false than promised: pages may rest on {_times(standing.factor)} weaker evidence"
        )
    return None


def _times(factor: float) -> str:
    return f"{factor:.0f} times" if abs(factor - round(factor)) < 0.1 else f"{factor:.1f} times"  # noqa: PLR2004 - what rounding hides


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
