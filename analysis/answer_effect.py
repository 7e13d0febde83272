"""What changed after an answer, a decision or a deletion: the pace of hostile mentions, and the tone of the replies.

Asked by the command line, the report and the incident's page, on stored times and scores. Says what came after, never
what came of it: storms fade by themselves. No clock, no database.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from analysis.growth import Growth, growth_of
from analysis.intervals import difference, score_ends, t_quantile, wilson
from stormcone.models import HOSTILE, Mention, ScoredMention
from stormcone.models.effects import Pace, Pile, Sayable, Slope, Tone, Turn
from stormcone.models.mentions import require_utc
from stormcone.models.shares import Share, Span

LONGEST_WINDOW: Final = timedelta(hours=6)  # before and after; later other news of the day counts for more
LEVEL: Final = 0.95  # of every interval here: a change is only told where its interval leaves no room for none

_SHORTEST: Final = timedelta(minutes=30)  # of a window; in less, one late batch would make a trend
_LEAST: Final = 10  # counted before and after together, or people below a statement; fewer are chance
_BINS: Final = 12  # of a window: enough to see scatter, few enough to hold something
_GAP_SHARE: Final = 0.05  # of both windows, that may lie in a gap; more could make a turn by itself


def slope_of(pile: Pile, at: datetime, *, longest: timedelta = LONGEST_WINDOW) -> Slope:
    """Return the pace of hostile mentions before and after an instant.

    Both windows are equally long: at most `longest`, and no longer than what there is on either side. The ratio of the
    two rates has the score interval of the share that came after. The bend is the difference of two log-linear
    slopes. Both intervals are widened by how much the counts of twelve bins a window scatter around these lines.
    Args: pile: when they were posted. at: of the answer or decision.
    Source: segmented Poisson regression with overdispersion, as in Bernal, Cummins, Gasparrini, "Interrupted time
        series regression for the evaluation of public health interventions: a tutorial", International Journal of
        Epidemiology 46(1), 2017. Windows and least numbers: own definition.
    """
    require_utc("at", at)
    window = max(timedelta(0), min(longest, at - pile.since, pile.until - at))
    minutes = window / timedelta(minutes=1)
    if pile.until - at < _SHORTEST:
        return Slope(at=at, standing=Sayable.TOO_EARLY, window_minutes=minutes)
    if window < _SHORTEST:
        return Slope(at=at, standing=Sayable.NO_BEFORE, window_minutes=minutes)
    if _missing(pile, at - window, at + window) > _GAP_SHARE * 2 * window:
        return Slope(at=at, standing=Sayable.GAP, window_minutes=minutes)
    earlier, later = _binned(pile.times, at - window, window), _binned(pile.times, at, window)
    before, after = sum(earlier), sum(later)
    lines = (_line(earlier), _line(later))
    hours = window / timedelta(hours=1)
    paces = [
        Pace(count=count, per_hour=count / hours, growth=line.slope * _BINS / hours if line else None)
        for count, line in zip((before, after), lines, strict=True)
    ]
    told = Slope(at=at, standing=Sayable.TOO_FEW, window_minutes=minutes, before=paces[0], after=paces[1])
    if before + after < _LEAST:
        return told
    return _compared(told, earlier, later, lines, hours)


def tone_of(below: Iterable[ScoredMention], before: Iterable[ScoredMention]) -> Tone:
    """Return the share of people against the brand among those who replied to a statement, and before it.

    Everybody counts once, by what they said worst; own posts and copies do not count.
    Args: below: replies to the statement. before: replies of the thread, or mentions, in the hours before it.
    Source: shares and their difference after Wilson 1927 and Newcombe 1998, see analysis.intervals.
    """
    answered, earlier = _share_against(below), _share_against(before)
    if answered is None or answered.n < _LEAST:
        return Tone(standing=Sayable.TOO_FEW, below=answered, before=earlier)
    if earlier is None or earlier.n < _LEAST:
        return Tone(standing=Sayable.NO_BEFORE, below=answered, before=earlier)
    change = difference(answered, earlier)
    turn = _turn(change.low, change.high, 0.0)
    return Tone(standing=Sayable.KNOWN, below=answered, before=earlier, change=change, turn=turn)


def replies_below(statement: Mention, mentions: Sequence[ScoredMention]) -> list[ScoredMention]:
    """Return those mentions that stand below a statement, directly or below another one that does.

    Args: mentions: oldest first.
    """
    below = {statement.id}
    found = []
    for each in mentions:
        m = each.mention
        if m.platform != statement.platform or m.id == statement.id:
            continue
        if m.parent_id in below or m.root_id == statement.id:
            below.add(m.id)
            found.append(each)
    return found


def _compared(
    told: Slope, earlier: Sequence[int], later: Sequence[int], lines: tuple[Growth | None, Growth | None], hours: float
) -> Slope:
    before, after = sum(earlier), sum(later)
    scatter = [_scatter(counts, line) for counts, line in zip((earlier, later), lines, strict=True)]
    degrees = sum(each[1] for each in scatter)
    dispersion = max(1.0, sum(each[0] for each in scatter) / degrees)
    quantile = t_quantile(LEVEL, degrees)
    share = after / (before + after)
    low, high = score_ends(share, (before + after) / dispersion, quantile=quantile)
    ratio = None
    if before:
        ratio = Span(value=after / before, low=_odds(low), high=_odds(high))
    bend = None
    if lines[0] is not None and lines[1] is not None:
        bins_an_hour = _BINS / hours
        value = (lines[1].slope - lines[0].slope) * bins_an_hour
        reach = quantile * (dispersion * (lines[0].variance + lines[1].variance)) ** 0.5 * bins_an_hour
        bend = Span(value=value, low=value - reach, high=value + reach)
    return Slope(
        at=told.at,
        standing=Sayable.KNOWN,
        window_minutes=told.window_minutes,
        before=told.before,
        after=told.after,
        ratio=ratio,
        turn=_turn(low, high, 0.5),
        bend=bend,
        bend_turn=Turn.UNSURE if bend is None else _turn(bend.low, bend.high, 0.0),
    )


def _line(counts: Sequence[int]) -> Growth | None:
    return growth_of(counts) if sum(counts) >= _LEAST else None


def _scatter(counts: Sequence[int], line: Growth | None) -> tuple[float, int]:
    """Return squared residuals and their degrees of freedom: around the line, or the mean where there is none."""
    if line is not None:
        return line.scatter, line.degrees
    mean = sum(counts) / len(counts)
    return (sum((count - mean) ** 2 for count in counts) / mean if mean else 0.0), len(counts) - 1


def _odds(share: float) -> float:
    return share / (1 - share)


def _turn(low: float, high: float, none: float) -> Turn:
    if high < none:
        return Turn.FELL
    return Turn.ROSE if low > none else Turn.UNSURE


def _binned(times: Sequence[datetime], start: datetime, window: timedelta) -> list[int]:
    """Return how many times fall into each of the bins of [start, start + window)."""
    edges = [bisect_left(times, start + window * number / _BINS) for number in range(_BINS + 1)]
    return [last - first for first, last in pairwise(edges)]


def _missing(pile: Pile, start: datetime, end: datetime) -> timedelta:
    missing, reached = timedelta(0), start
    for gap in sorted(pile.gaps, key=lambda each: each.started_at):
        begins, ends = max(gap.started_at, reached), min(gap.ended_at, end)
        if ends > begins:
            missing += ends - begins
            reached = ends
    return missing


def _share_against(mentions: Iterable[ScoredMention]) -> Share | None:
    worst: dict[tuple[str, str, bool], float] = {}
    for each in mentions:
        m = each.mention
        if m.is_own_post or each.vote.is_copy:
            continue
        key = (m.platform, m.id, False) if m.author is None else (m.platform, m.author, True)
        worst[key] = max(worst.get(key, 0.0), each.scores.p_against)
    if not worst:
        return None
    return wilson(sum(each >= HOSTILE for each in worst.values()), len(worst), level=LEVEL)
