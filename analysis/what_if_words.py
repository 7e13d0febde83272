"""The sentence of each change that would give another verdict, in our own words only.

Under what_if. Decides nothing, and quotes nobody.
"""

import math

from stormcone.models import Kind, Level, Lever


def sentence(
    lever: Lever, now: float, needed: float, *, window_minutes: int, level: Level | None, kind: Kind | None
) -> str:
    """Return a change and what it would make of the verdict.

    Args: now, needed: in the lever's own unit. level, kind: of the verdict there, None where it would be the same.
    >>> sentence(Lever.HOSTILE_AUTHORS, 2, 4, window_minutes=30, level=Level.PAGE, kind=None)
    'With 2 more people openly against, it would be a page.'
    """
    outcome = [
        *([] if level is None else ["be calm" if level is Level.CALM else f"be a {level.word}"]),
        *([] if kind is None else [f"be called {kind.value}"]),
    ]
    return f"{_condition(lever, now, needed, f'in {window_minutes} min')}, it would {' and '.join(outcome)}."


def _condition(lever: Lever, now: float, needed: float, window: str) -> str:
    more = math.ceil(abs(needed - now) - 1e-9)
    many = f"{more:,} more"
    bound = "no more than" if needed < now else "at least"
    fewer_copies, more_copies = (
        f"Without {more:,} of the {now:,.0f} copies",
        f"With {many} {_of(more, 'copy', 'copies')} posted as own words",
    )
    return {
        Lever.HOSTILE_AUTHORS: f"With {many} {_of(more, 'person', 'people')} openly against",
        Lever.RARITY: f"If calm times brought such a surge {bound} {needed:,g} times a month (now {_rate(now)})",
        Lever.VOICES: f"With no more than {needed:,.0f} voices {window} (now {now:,.0f})",
        Lever.AGAINST: f"With no more than {needed:,.1f} voices against {window} (now {now:,.1f})",
        Lever.AGAINST_SHARE: f"With no more than {needed:.0%} of the voices against (now {now:.0%})",
        Lever.COPIES: fewer_copies if needed < now else more_copies,
        Lever.SERVICE: f"With {many} {_of(more, 'text', 'texts')} about service",
        Lever.FRIENDS: f"With {many} {_of(more, 'voice', 'voices')} for the brand",
        Lever.PLANNED: "Entered in the calendar as a planned event",
    }[lever]


def _rate(a_month: float) -> str:
    return f"{a_month:,.0f}" if a_month >= 100 else f"{a_month:.2g}"  # noqa: PLR2004 - two digits say enough


def _of(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
