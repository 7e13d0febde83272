"""What would change a verdict: the smallest change of one thing, all else as measured, that gives another one.

After the verdict, for its explanation. Asks the very rule that judged, with views that differ in one respect; no
threshold is known here, so none can be told wrongly. Promises nothing: more than one thing moves in a real storm.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from analysis.cues import CueGroup
from analysis.verdicts import Case, Judge, Ruling
from analysis.what_if_words import sentence
from stormcone.config.brands import PlannedEvent
from stormcone.models import Kind, Lever, WouldChange
from stormcone.models.signal_views import Company

_MOST_PEOPLE: Final = 200  # more than that is no near miss
_MOST_PART: Final = 0.5  # of the mentions, up to which more of something is a near miss
_RAREST: Final = 1e-12  # episodes a month
_COMMONEST: Final = 1e6
_A_VOTE: Final = 1.0  # what somebody openly against adds to the mass against

_Flips = Callable[[Ruling], bool]


def what_would_change(case: Case, judge: Judge) -> tuple[WouldChange, ...]:
    """Return what would raise the level, then what would lower it, then what would change the kind.

    Args: case: as it was judged. judge: who judged it.
    Returns: for each lever that can do it alone, its smallest change; nothing where none can.
    """
    before = judge.rule(case)
    found = [
        *_upwards(case, judge, before),
        *_downwards(case, judge, before),
        *_of_another_kind(case, judge, before),
    ]
    first: dict[tuple[Lever, bool], WouldChange] = {}  # the same lever the same way says the same
    for each in found:
        first.setdefault((each.lever, each.needed > each.now), each)
    return tuple(first.values())


def changed(case: Case, lever: Lever, needed: float, judge: Judge) -> Case:
    """Return the case as it would be with one lever moved to `needed`, in the lever's own unit."""
    view = case.view
    if lever is Lever.RARITY:
        return replace(case, evidence=replace(case.evidence, monthly_rate=needed))
    if lever is Lever.PLANNED:
        return _planned(case)
    if lever is Lever.HOSTILE_AUTHORS:
        more = needed - view.hostile_authors
        view = replace(
            view,
            mentions=view.mentions + more,
            voices=view.voices + more,
            against=view.against + more * _A_VOTE,
            hostile_voices=view.hostile_voices + more,
            hostile_authors=round(needed),
            hostile_crowd=None if view.hostile_crowd is None else view.hostile_crowd + more,
            company=_joined(view.company, round(more)),
        )
    elif lever is Lever.FRIENDS:
        more = needed - view.positive
        view = replace(view, mentions=view.mentions + more, voices=view.voices + more, positive=needed)
    elif lever is Lever.VOICES:
        part = needed / view.voices
        sums = ("mentions", "against", "hostile_voices", "copies", "positive")
        view = replace(view, voices=needed, **{name: getattr(view, name) * part for name in sums})
    elif lever is Lever.AGAINST:
        view = replace(view, against=needed)
    elif lever is Lever.AGAINST_SHARE:
        view = replace(view, against=needed * view.voices)
    elif lever is Lever.COPIES:
        view = replace(view, copies=needed, mentions=view.mentions + needed - view.copies)
    else:
        spoken = _service_cue(case, judge)
        more = round(needed) - _service_count(case, judge)
        view = replace(view, cues={**view.cues, spoken: view.cues.get(spoken, 0) + more})
    return judge.seen_anew(case, view)


def _upwards(case: Case, judge: Judge, before: Ruling) -> Iterator[WouldChange]:
    def rises(ruling: Ruling) -> bool:
        return ruling.level > before.level

    view = case.view
    yield from _whole(
        case, judge, Lever.HOSTILE_AUTHORS, view.hostile_authors, view.hostile_authors + _MOST_PEOPLE, rises
    )
    yield from _rarity(case, judge, _RAREST, rises)
    yield from _whole(case, judge, Lever.COPIES, view.copies, 0, rises)


def _downwards(case: Case, judge: Judge, before: Ruling) -> Iterator[WouldChange]:
    def falls(ruling: Ruling) -> bool:
        return ruling.level < before.level

    view = case.view
    if view.voices <= 0:
        return
    fewer = list(_whole(case, judge, Lever.VOICES, view.voices, 0, falls))
    if case.post is None:
        yield from fewer
        yield from _fraction(case, judge, Lever.AGAINST_SHARE, view.against / view.voices, falls, grain=0.01)
        yield from _rarity(case, judge, _COMMONEST, falls)
        return
    milder = list(_fraction(case, judge, Lever.AGAINST, view.against, falls, grain=0.1))
    yield from (each for each in fewer if each.level not in {other.level for other in milder})
    yield from milder


def _of_another_kind(case: Case, judge: Judge, before: Ruling) -> Iterator[WouldChange]:
    def is_other(ruling: Ruling) -> bool:
        return ruling.kind is not before.kind

    view = case.view
    most = _MOST_PART * view.mentions
    yield from _whole(case, judge, Lever.COPIES, view.copies, 0, is_other)
    yield from _whole(case, judge, Lever.COPIES, view.copies, view.copies + most, is_other)
    if _service_cue(case, judge):
        count = _service_count(case, judge)
        yield from _whole(case, judge, Lever.SERVICE, count, count + most, lambda ruling: ruling.kind is Kind.SERVICE)
    if case.post is None:
        yield from _whole(
            case, judge, Lever.FRIENDS, view.positive, view.positive + most, lambda ruling: ruling.kind is Kind.PRAISE
        )
    after = judge.rule(_planned(case))
    if is_other(after):
        yield _told(case, Lever.PLANNED, 0, 1, before, after)


def _whole(case: Case, judge: Judge, lever: Lever, now: float, end: float, flips: _Flips) -> Iterator[WouldChange]:
    """Yield the smallest whole step from `now` towards `end` at which the ruling flips, if it does there at all.

    Downwards the value itself becomes a whole number, upwards what is added is one.
    """
    direction = 1 if end > now else -1
    origin = now if direction > 0 else math.ceil(now)
    yield from _bisected(
        case, judge, lever, now, lambda n: origin + direction * n, math.floor(abs(end - origin)), flips
    )


def _fraction(
    case: Case, judge: Judge, lever: Lever, now: float, flips: _Flips, *, grain: float
) -> Iterator[WouldChange]:
    """Yield the largest multiple of `grain` below `now` at which the ruling flips."""
    top = math.ceil(now / grain)
    yield from _bisected(case, judge, lever, now, lambda n: round((top - n) * grain, 6), top, flips)


def _bisected(
    case: Case, judge: Judge, lever: Lever, now: float, at: Callable[[int], float], most: int, flips: _Flips
) -> Iterator[WouldChange]:
    """Yield the change at the first of `most` steps that flips, with none before it that does not by bisection."""

    def ruling(steps: int) -> Ruling:
        return judge.rule(changed(case, lever, at(steps), judge))

    before = judge.rule(case)
    if most < 1 or flips(before) or not flips(ruling(most)):
        return
    stays, moves = 0, most
    while moves - stays > 1:
        middle = (stays + moves) // 2
        stays, moves = (stays, middle) if flips(ruling(middle)) else (middle, moves)
    yield _told(case, lever, now, at(moves), before, ruling(moves))


def _rarity(case: Case, judge: Judge, end: float, flips: _Flips) -> Iterator[WouldChange]:
    """Yield the rate, in two significant digits, from which on towards `end` the ruling flips."""
    now = case.evidence.monthly_rate
    if now is None or now <= 0 or not math.isfinite(now):
        return

    def ruling(rate: float) -> Ruling:
        return judge.rule(changed(case, Lever.RARITY, rate, judge))

    before = judge.rule(case)
    if flips(before) or not flips(ruling(end)):
        return
    stays, moves = math.log(now), math.log(end)
    for _ in range(60):
        middle = (stays + moves) / 2
        stays, moves = (stays, middle) if flips(ruling(math.exp(middle))) else (middle, moves)
    needed = _two_digits(math.exp(moves), is_rounded_up=end > now)
    if flips(ruling(needed)):
        yield _told(case, Lever.RARITY, now, needed, before, ruling(needed))


def _two_digits(value: float, *, is_rounded_up: bool) -> float:
    scale = 10.0 ** (math.floor(math.log10(value)) - 1)
    near = round(value / scale) * scale
    if math.isclose(near, value, rel_tol=1e-9):
        return float(f"{near:.2g}")
    return float(f"{(math.ceil if is_rounded_up else math.floor)(value / scale) * scale:.2g}")


def _joined(company: Company, more: int) -> Company:
    return replace(company, accounts=company.accounts + more, hostile_accounts=company.hostile_accounts + more)


def _planned(case: Case) -> Case:
    today = case.at.astimezone(case.brand.zone).date()
    event = PlannedEvent(name="entered now", first_day=today, last_day=today)
    brand = case.brand.model_copy(update={"planned_events": (*case.brand.planned_events, event)})
    return replace(case, brand=brand)


def _service_cue(case: Case, judge: Judge) -> str:
    """Return a cue of service that was heard, empty where there was none: one out of the blue is no near miss."""
    return next((cue for cue in sorted(case.view.cues) if judge.group_of(cue) is CueGroup.SERVICE), "")


def _service_count(case: Case, judge: Judge) -> int:
    return sum(count for cue, count in case.view.cues.items() if judge.group_of(cue) is CueGroup.SERVICE)


def _told(case: Case, lever: Lever, now: float, needed: float, before: Ruling, after: Ruling) -> WouldChange:
    text = sentence(
        lever,
        now,
        needed,
        window_minutes=case.view.window_minutes,
        level=after.level if after.level is not before.level else None,
        kind=after.kind if after.kind is not before.kind else None,
    )
    return WouldChange(lever=lever, now=now, needed=needed, level=after.level, kind=after.kind, text=text)
