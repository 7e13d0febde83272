"""The words of `stormcone replay --json`: a transition or a verdict as one JSON object.

Used by replays, by the timeline that the store keeps, and by screens that read it back. The one place where a verdict
becomes text for machines; the keys are a contract and only ever grow.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from stormcone.explanation_lines import StoredExplanation, kept_explanation, read_explanation, short_explanation
from stormcone.fact_file import known_facts, with_answers
from stormcone.models import (
    Action,
    Advice,
    Avoid,
    Because,
    ExpectedPeak,
    Explanation,
    Facts,
    Forecast,
    ForecastBand,
    Precedent,
    Reading,
    Transition,
    Trust,
    Verdict,
)
from stormcone.models.verdicts import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict:
    """A verdict as a screen reads it back."""

    at: datetime
    level: str
    kind: str
    severity: int
    headline: str
    trust: Trust
    reasons: tuple[Reading, ...]
    forecast: Forecast
    advice: Advice
    facts: Facts
    voices_now: float
    voices_usual: float
    against_now: float
    velocity_per_minute: float
    is_settling: bool
    explanation: StoredExplanation | None = None


def iso(instant: datetime) -> str:
    """Return an instant as every file and message writes it.

    >>> iso(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def transition_line(transition: Transition) -> str:
    """Return the line of a transition in `stormcone replay --json`."""
    return json.dumps(_transition(transition, short_explanation), ensure_ascii=False)


def kept_line(transition: Transition) -> str:
    """Return a transition as the timeline of the store keeps it: the explanation says where to find whom it names."""
    return json.dumps(_transition(transition, kept_explanation), ensure_ascii=False)


def _transition(transition: Transition, explained: Callable[[Explanation], dict[str, Any]]) -> dict[str, Any]:
    incident, verdict = transition.incident, transition.verdict
    line: dict[str, Any] = {
        "at": iso(transition.at),
        "brand": incident.brand,
        "incident": incident.id,
        "post": incident.post[1] if incident.post else None,
        "state": incident.state.value,
        "level": incident.level.word,
        "kind": incident.kind.value,
        "severity": incident.severity,
        "headline": incident.headline,
        "event": transition.moment.value,
        "by": transition.by,
        "why": transition.why,
    }
    if verdict is not None:
        line |= _judgement(verdict)
        if verdict.explanation is not None:
            line["explanation"] = explained(verdict.explanation)
    else:
        line |= {"reasons": [], "forecast": {}, "advice": None}
    return line


def verdict_line(verdict: Verdict) -> str:
    """Return a verdict as the store keeps it."""
    line = {
        "at": iso(verdict.at),
        "level": verdict.level.word,
        "kind": verdict.kind.value,
        "severity": verdict.severity,
        "headline": verdict.headline,
    }
    return json.dumps(line | _judgement(verdict), ensure_ascii=False)


def read_verdict(text: str) -> StoredVerdict:
    """Return what `verdict_line`, `transition_line` or `kept_line` wrote."""
    line = json.loads(text)
    advice = line["advice"]
    return StoredVerdict(
        at=datetime.fromisoformat(line["at"]),
        level=line["level"],
        kind=line["kind"],
        severity=line["severity"],
        headline=line["headline"],
        trust=Trust(line["trust"]),
        reasons=tuple(
            Reading(
                signal=each["signal"],
                axis=Axis(each["axis"]),
                value=each["value"],
                expected=each["expected"],
                text=each["text"],
                surprise=each.get("surprise"),
                low=each.get("low"),  # lines of before it was kept
                high=each.get("high"),
            )
            for each in line["reasons"]
        ),
        forecast=_read_forecast(line["forecast"], line.get("peak")),
        advice=Advice(
            action=Action(advice["action"]),
            within_minutes=advice["within_minutes"],
            because=tuple(Because(**each) for each in advice["because"]),
            also=tuple(map(Action, advice["also"])),
            precedents=tuple(Precedent(**each) for each in advice["precedents"]),
            avoid=tuple(map(Avoid, advice["avoid"])),
            ask=tuple(advice["ask"]),
        ),
        facts=with_answers(Facts(), line.get("facts", {}).items()),  # lines of before they were kept have none
        voices_now=line["voices"]["now"],
        voices_usual=line["voices"]["usual"],
        against_now=line["voices"]["against"],
        velocity_per_minute=line["velocity_per_minute"],
        is_settling=line["is_settling"],
        explanation=read_explanation(line.get("explanation")),
    )


def _judgement(verdict: Verdict) -> dict[str, Any]:
    return {
        "reasons": [
            {
                "signal": each.signal,
                "axis": each.axis.value,
                "value": round(each.value, 4),
                "expected": None if each.expected is None else round(each.expected, 4),
                "text": each.text,
                "surprise": None if each.surprise is None else round(each.surprise, 2),
                **_interval(each),
            }
            for each in verdict.reasons
        ],
        "forecast": {
            f"{band.horizon // timedelta(hours=1)}h": {
                "low": round(band.low, 1),
                "mid": round(band.mid, 1),
                "high": round(band.high, 1),
            }
            for band in verdict.forecast.bands
        },
        "peak": _peak(verdict.forecast.peak),
        "advice": _advice(verdict.advice),
        "facts": known_facts(verdict.facts),
        "trust": verdict.trust.value,
        "voices": {
            "now": round(verdict.voices_now, 2),
            "usual": round(verdict.voices_usual, 2),
            "against": round(verdict.against_now, 2),
        },
        "velocity_per_minute": round(verdict.velocity_per_minute, 3),
        "is_settling": verdict.is_settling,
    }


def _interval(reading: Reading) -> dict[str, float]:
    """Return the keys of an interval, none where the value is a plain count."""
    if reading.low is None or reading.high is None:
        return {}
    return {"low": round(reading.low, 4), "high": round(reading.high, 4)}


def _advice(advice: Advice) -> dict[str, Any]:
    return {
        "action": advice.action.value,
        "also": [each.value for each in advice.also],
        "within_minutes": advice.within_minutes,
        "because": [{"rule": b.rule, "text": b.text, "source": b.source} for b in advice.because],
        "precedents": [asdict(each) for each in advice.precedents],
        "avoid": [each.value for each in advice.avoid],
        "ask": list(advice.ask),
    }


def _peak(peak: ExpectedPeak | None) -> dict[str, Any] | None:
    """Return the expected peak in mentions a minute, None where nobody knows it."""
    if peak is None:
        return None
    figures = {"low": round(peak.low, 3), "mid": round(peak.mid, 3), "high": round(peak.high, 3)}
    return {**figures, "is_past": peak.is_past}


def _read_forecast(bands: Mapping[str, Any], peak: Mapping[str, Any] | None) -> Forecast:
    return Forecast(
        peak=ExpectedPeak(**peak) if peak else None,
        bands=tuple(
            ForecastBand(horizon=timedelta(hours=int(name.removesuffix("h"))), **values)
            for name, values in bands.items()
        ),
    )
