"""The five figures under the headline: value, change, and what it is compared with.

Pure: a view in, cards out. Every figure names its unit and window; what is not known is "unknown", never zero.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.composition import POOLED_AGAINST_SHARE
from analysis.usual import shrunk
from dashboard.now_view import NowView
from dashboard.recent import RECENT, Recent
from dashboard.wording import PACE_WORDS, duration, number, percent, short, unsure_line
from stormcone.models import Forecast, ForecastBand
from stormcone.store.screens import Totals

UNSURE_FROM = 0.2  # a fifth of guesses moves a share by more than people take for noise (own choice)
_NO_HISTORY = "no history to compare with yet"
_LEAST_USUAL_MINUTES = 60.0  # less history than an hour says nothing about what is usual
_MINUTES = RECENT / timedelta(minutes=1)
_RECENT_LABELS = ("Mentions/min", "Share against", "Voices against", "Hostile reach")
_USUAL_HELP = "The usual value is the mean of the seven days before, as far as they were collected."


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure. change: signed text as st.metric takes it, None where there is none; more is always worse here."""

    label: str
    value: str
    change: str | None
    beside: str
    help: str


def key_figures(view: NowView) -> tuple[Card, ...]:
    """Return the cards in reading order."""
    recent = view.recent
    if view.status.unknown and not recent.now.mentions:
        return (*(_not_known(label) for label in _RECENT_LABELS), _outlook(view))
    return (
        _velocity(recent),
        _share_against(recent),
        _voices_against(recent),
        _reach(recent),
        _outlook(view),
    )


def certainty_line(totals: Totals, texts: str) -> str | None:
    """Return the warning that a fifth or more of `texts` was not read well, None where that is not so."""
    return unsure_line(totals.unsure_share, texts) if totals.unsure_share >= UNSURE_FROM else None


def _not_known(label: str) -> Card:
    """Nothing came, and nobody can say whether that means silence: not a zero."""
    return Card(
        label=label,
        value="unknown",
        change=None,
        beside="nothing came in 30 min",
        help="Nothing was collected lately, so this is not a zero.",
    )


def _velocity(recent: Recent) -> Card:
    now = recent.now.mentions / _MINUTES
    usual = None if not _has_usual(recent) else recent.usual.mentions / recent.usual_minutes
    return Card(
        label=_RECENT_LABELS[0],
        value=number(now),
        change=_times(now, usual),
        beside=f"{PACE_WORDS[recent.pace]}" if usual is None else f"usual {number(usual)}",
        help=f"Mentions in the last 30 minutes, copies included, per minute. {_USUAL_HELP}",
    )


def _share_against(recent: Recent) -> Card:
    usual = recent.usual.against / recent.usual.voices if recent.usual.voices and _has_usual(recent) else None
    if not recent.now.voices:
        return Card(
            label=_RECENT_LABELS[1],
            value="none",
            change=None,
            beside="nobody spoke in 30 min",
            help="Voices against the brand, as a part of all voices.",
        )
    share = shrunk(
        recent.now.against, recent.now.voices, usual=POOLED_AGAINST_SHARE if usual is None else min(1.0, usual)
    )
    interval = f"{share.low * 100:.0f} to {percent(share.high)}"
    return Card(
        label=_RECENT_LABELS[1],
        value=percent(share.value),
        change=None if usual is None else f"{(share.value - usual) * 100:+.0f} pts",
        beside=f"{interval}, {_NO_HISTORY}" if usual is None else f"{interval}, usual {percent(usual)}",
        help="Voices against the brand in the last 30 minutes, as a part of all voices: an estimate with the range it "
        f"lies in 4 times out of 5; few voices are read beside what is usual. {_USUAL_HELP}",
    )


def _voices_against(recent: Recent) -> Card:
    usual = None if not _has_usual(recent) else recent.usual.against / recent.usual_minutes * _MINUTES
    return Card(
        label=_RECENT_LABELS[2],
        value=f"{recent.now.against:,.0f}",
        change=_times(recent.now.against, usual),
        beside=f"of {recent.now.voices:,.0f} voices" if usual is None else f"usual {number(usual)}",
        help=f"Distinct people against the brand; one vote a person and quarter of an hour. {_USUAL_HELP}",
    )


def _reach(recent: Recent) -> Card:
    reach = recent.reach
    if reach.authors and not reach.known:
        value, beside = "unknown", f"{reach.authors:,} authors, followings not given"
    else:
        value, beside = number(reach.followers), f"{reach.authors:,} authors"
    return Card(
        label=_RECENT_LABELS[3],
        value=value,
        change=None,
        beside=beside,
        help=f"Followers of everybody who wrote against the brand, each counted once; known for {reach.known:,} "
        f"of {reach.authors:,}. Followers, not people who saw it.",
    )


def _outlook(view: NowView) -> Card:
    lead = view.incidents[0] if view.incidents else None
    bands = _by_hours(view.verdict.forecast) if view.verdict else {}
    expected = " · ".join(f"{hours} h +{short(band.mid)}" for hours, band in bands.items() if hours in {1, 3})
    help_text = "Expected further mentions. " + " ".join(
        f"{hours} h: {number(band.low)} to {number(band.high)} (4 times out of 5)." for hours, band in bands.items()
    )
    peak = view.verdict.forecast.peak if view.verdict else None
    if peak is not None and bands:
        reached = "The fastest is probably over" if peak.is_past else "The fastest is probably still to come"
        help_text += f" {reached}: {number(peak.mid)} mentions a minute, hardly more than {number(peak.high)}."
    if lead is None:
        return Card(
            label="Expected, 1 h",
            value=f"+{number(bands[1].mid)}" if 1 in bands else "unknown",
            change=None,
            beside=f"3 h: +{number(bands[3].mid)}" if 3 in bands else "no forecast yet",  # noqa: PLR2004 - hours
            help=help_text if bands else "There is no verdict to forecast from yet.",
        )
    return Card(
        label="Since opened",
        value=duration(_since(lead.opened_at, view.now)),
        change=None,
        beside=expected or "no forecast yet",
        help=help_text,
    )


def _by_hours(forecast: Forecast) -> dict[int, ForecastBand]:
    return {band.horizon // timedelta(hours=1): band for band in forecast.bands}


def _since(opened_at: datetime, now: datetime) -> timedelta:
    return max(timedelta(0), now - opened_at)


def _has_usual(recent: Recent) -> bool:
    return recent.usual_minutes >= _LEAST_USUAL_MINUTES


def _times(now: float, usual: float | None) -> str | None:
    """Return how many times the usual it is, signed for st.metric; None where that says nothing.

    >>> _times(52, 1), _times(0.5, 1), _times(3, None), _times(1, 1)
    ('+52x', '-50 %', None, None)
    """
    if not usual:
        return None
    factor = now / usual
    if factor >= 2:  # noqa: PLR2004 - below twice, percent is easier to read
        return f"+{factor:,.0f}x"
    change = round((factor - 1) * 100)
    return f"{change:+d} %" if change else None
