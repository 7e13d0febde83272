"""A share with its interval and the number it rests on. A record; computes nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of n, 0..1, and the ends of its interval; whoever makes one says how wide the interval is."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A figure and the ends of its interval, in the unit of the figure."""

    value: float
    low: float
    high: float
