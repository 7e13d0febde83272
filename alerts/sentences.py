"""The sentences a verdict's numbers become in a message: how sure, how fast, how big it will get.

Used by message. Pure; says "unknown" where the verdict does, and never rounds an expectation to nothing.
"""

from alerts.cleaning import clean_for_sink
from stormcone.models import ExpectedPeak, Explanation, Forecast, ForecastBand, Trust, Verdict

_CARRIERS = 2  # names in a message: the first large account, and the largest other
_NAME_CHARS = 40
_CERTAINTY = {
    Trust.SETTLED: "The figures are complete: every source answered and there is enough history to compare with.",
    Trust.WARMING_UP: "There is little history to compare with yet, so this is less sure than usual.",
    Trust.GAP: "Part of this time was not collected, so the figures are a lower bound.",
    Trust.SATURATED: "A platform had more than it gave, so the figures are a lower bound.",
    Trust.STALE: "No source has answered lately, so the figures may be old.",
}


def certainty_of(verdict: Verdict) -> str:
    """Return how far the figures can be trusted, as a sentence."""
    return _CERTAINTY[verdict.trust]


def pace_of(verdict: Verdict) -> str:
    """Return how fast it goes, compared with what is usual, as a sentence."""
    usual = (
        "where about 1 or fewer is usual" if verdict.voices_usual < 1 else f"where {verdict.voices_usual:,.0f} is usual"
    )
    against = f", {_share(verdict.against_now, verdict.voices_now)} against the brand" if verdict.voices_now else ""
    return (
        f"{_rate(verdict.velocity_per_minute)} mentions a minute over the last 30 minutes; "
        f"{verdict.voices_now:,.0f} distinct voices {usual}{against}."
    )


def forecast_of(forecast: Forecast) -> str | None:
    """Return the expected further mentions as a sentence; None where nothing was forecast.

    >>> from datetime import timedelta
    >>> from stormcone.models import ForecastBand
    >>> forecast_of(Forecast(bands=(ForecastBand(horizon=timedelta(hours=1), low=80, mid=120, high=310),)))
    'Expected from here: 120 more mentions in 1 h (80 to 310).'
    """
    if not forecast.bands:
        return None
    return f"Expected from here: {', '.join(map(_band, forecast.bands))}.{_peak(forecast.peak)}"


def _peak(peak: ExpectedPeak | None) -> str:
    """Return how fast it will get, as a sentence with its space before it; empty where nobody knows.

    >>> _peak(ExpectedPeak(low=4.0, mid=5.2, high=12.0, is_past=False))
    ' The fastest is probably still to come: about 5.2 mentions a minute, hardly more than 12.'
    """
    if peak is None or peak.low <= 0:
        return ""
    if peak.is_past:
        return f" The fastest is probably over: {peak.low:,.1f} mentions a minute."
    return (
        f" The fastest is probably still to come: about {_rate(peak.mid)} mentions a minute, hardly more than "
        f"{_rate(peak.high)}."
    )


def about_of(explanation: Explanation) -> str:
    """Return what people are angry about and who carried it, as a sentence; empty where neither is known.

    The phrases and names in it are strangers' words: whoever shows it cleans it.
    """
    carriers = explanation.carriers
    accounts = (carriers.first_amplifier, *carriers.top_reach)
    largest = {(each.platform, each.author): each for each in accounts if each is not None}
    named = [
        f"{clean_for_sink(each.author, max_chars=_NAME_CHARS)} ({each.followers:,} followers)"
        for each in list(largest.values())[:_CARRIERS]
    ]
    parts = [
        *([f"about: {', '.join(each.phrase for each in explanation.phrases)}"] if explanation.phrases else []),
        *([f"carried by {' and '.join(named)}"] if named else []),
    ]
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _band(band: ForecastBand) -> str:
    hours = band.horizon.total_seconds() / 3600
    return f"{band.mid:,.0f} more mentions in {hours:g} h ({band.low:,.0f} to {band.high:,.0f})"


def _rate(per_minute: float) -> str:
    return f"{per_minute:,.0f}" if per_minute >= 10 else f"{per_minute:.1f}"  # noqa: PLR2004 - below ten a decimal says more


def _share(part: float, whole: float) -> str:
    return f"{min(1.0, part / whole):.0%} of them"
