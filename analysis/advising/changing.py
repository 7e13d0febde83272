"""Which answers would change the advice: each unknown fact is tried with every answer it can have.

Under the advisor, which is asked again with one fact filled in. What is found is what a person should be asked next,
the most decisive first. Never guesses an answer.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from analysis.advising.conditions import Value, View
from analysis.advising.facing import answered
from stormcone.config import AdviceSettings
from stormcone.models import (
    Action,
    Cause,
    Change,
    Kind,
    PostStatus,
    Responsibility,
    Said,
    Trend,
)

_WORDS: Final[Mapping[str, tuple[Value, ...]]] = MappingProxyType(
    {
        "cause": tuple(Cause),
        "responsibility": tuple(Responsibility),
        "kind": tuple(Kind),
        "trend": tuple(Trend),
        "post_status": tuple(PostStatus),
        "said": ((Said.DENIAL,), (Said.APOLOGY,)),
    }
)
_YES_OR_NO: Final = (
    *("harm_to_people", "claim_true", "stands_by", "asks_for_content", "legal_hold", "public_record_body"),
    *("removal_approved", "automation_running", "support_tickets_up", "press"),
)
_OPEN: Final[tuple[Value, ...]] = (None, ())


class Changing:
    """Tries answers. decide: the action on given facts. deciding: the facts that can move it."""

    def __init__(self, decide: Callable[[View], Action], settings: AdviceSettings, *, deciding: frozenset[str]) -> None:
        self._decide = decide
        self._settings = settings
        numbers: dict[str, tuple[Value, ...]] = {
            "severity": tuple(range(1, 6)),
            "coordination": (0.0, settings.coordinated_share),
            "commentator_share": (0.0, settings.commentator_share),
            "platforms": (1, settings.big_platforms),
            "similar_incidents_12m": (0, 1),
        }
        answers = {**_WORDS, **dict.fromkeys(_YES_OR_NO, (True, False)), **numbers}
        self._answers = MappingProxyType({name: values for name, values in answers.items() if name in deciding})

    def of(self, view: View, action: Action) -> tuple[Change, ...]:
        """Return the answers that would lead elsewhere; facts that are decided by more of their answers come first."""
        ranked: list[tuple[float, tuple[Change, ...]]] = []
        for name, values in self._answers.items():
            if view[name] not in _OPEN:
                continue
            changes = tuple(
                Change(fact=name, answer=_worded(value), action=other)
                for value in values
                if (other := self._decide(answered(view, name, value, self._settings))) is not action
            )
            if changes:
                ranked.append((len(changes) / len(values), changes))
        ranked.sort(key=lambda each: -each[0])  # stable: facts that decide as much stay in the order of the lists above
        return tuple(change for _, changes in ranked for change in changes)


def _worded(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
