"""Finds the cases of the casebook that are nearest to what is known of an incident.

Between the casebook and the advice. Compares facts only: a brand's name never counts, and what nobody knows neither
helps nor hurts. The weights are ours, not a finding. Says what two storms share; never says that they will end alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from analysis.casebook import load_casebook
from analysis.cases import Case, Casebook
from stormcone.models import Facts, Precedent

_SHOWN: Final = 3
_ENOUGH: Final = 6.0  # below it two storms share too little to learn from: more than trigger and role together
_MOST: Final = 0.4  # the part of what is known of the incident that has to be alike
_DIFFERS: Final = 0.5  # what differs takes half of what it would have given: cases are coded coarsely
_NEITHER: Final = 0.25  # two storms that both lack something share less than two that have it
_CROSSED: Final = 2  # platforms from which a storm has crossed

_Fact = Callable[[Facts], object]


@dataclass(frozen=True, slots=True)
class Trait:
    """What two storms are compared by. weight: what it gives when both have it, against 8 for the cause."""

    name: str
    weight: float
    of: _Fact


TRAITS: Final = (
    Trait("cause", 8, lambda facts: facts.cause),
    Trait("trigger", 4, lambda facts: facts.trigger),
    Trait("harm_to_people", 3, lambda facts: facts.harm_to_people),
    Trait("responsibility", 3, lambda facts: facts.responsibility),
    Trait("asks_for_content", 3, lambda facts: facts.asks_for_content),
    Trait("automation_running", 3, lambda facts: facts.automation_running),
    Trait("stands_by", 3, lambda facts: facts.stands_by),
    Trait("public_record_body", 2, lambda facts: facts.public_record_body),
    Trait("claim_true", 2, lambda facts: facts.claim_true),
    Trait("kind", 2, lambda facts: facts.kind),
    Trait("account_role", 2, lambda facts: facts.account_role),
    Trait("competitor_joined", 1, lambda facts: facts.competitor_joined),
    Trait("notable_amplifier", 1, lambda facts: facts.notable_amplifier),
    Trait("crossed_platforms", 1, lambda facts: None if facts.platforms is None else facts.platforms >= _CROSSED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCase:
    """A case near to an incident. alike: how near, in the weights of TRAITS. shared: the names of what both have."""

    case: Case
    alike: float
    shared: tuple[str, ...]

    @property
    def why(self) -> str:
        """Why it is near, in one line for a person.

        >>> near = NearCase(case=load_casebook().case("cruz-2017-like"), alike=14, shared=("cause", "trigger"))
        >>> near.why
        'alike in cause (inappropriate like), trigger (own like)'
        """
        values = {each.name: each.of(self.case.facts) for each in TRAITS}
        return "alike in " + ", ".join(_shown(name, values[name]) for name in self.shared)

    @property
    def precedent(self) -> Precedent:
        """The case as advice shows it."""
        return Precedent(
            case=self.case.id,
            year=self.case.year,
            did=self.case.done.text,
            lesson=self.case.lesson,
            outcome=self.case.outcome.text if self.case.outcome else "",
            why=self.why,
        )


def nearest(facts: Facts, casebook: Casebook | None = None, *, limit: int = _SHOWN) -> tuple[NearCase, ...]:
    """Return the cases nearest to these facts, the nearest first.

    Args: casebook: None for the one that comes with Stormcone. limit: at most so many.
    Returns: fewer than `limit`, or none, where too little is known or nothing is alike.

    >>> from stormcone.models import Cause, Trigger
    >>> [each.case.id for each in nearest(Facts(cause=Cause.INAPPROPRIATE_LIKE, trigger=Trigger.OWN_LIKE), limit=1)]
    ['chinese-embassy-2020-like']
    >>> nearest(Facts(brand="Office of Senator Cruz"))
    ()
    """
    cases = (casebook or load_casebook()).cases
    near = [each for each in (_compared(facts, case) for case in cases) if each is not None]
    return tuple(sorted(near, key=lambda each: (-each.alike, each.case.id))[:limit])


def precedents(facts: Facts) -> tuple[Precedent, ...]:
    """Return the precedents that advice shows for these facts; see `nearest`."""
    return tuple(each.precedent for each in nearest(facts))


def _compared(facts: Facts, case: Case) -> NearCase | None:
    alike = 0.0
    possible = 0.0
    shared = []
    for trait in TRAITS:
        ours, theirs = trait.of(facts), trait.of(case.facts)
        if ours is None or theirs is None:
            continue
        weight = trait.weight * (_NEITHER if ours is False and theirs is False else 1)
        possible += weight
        if ours == theirs:
            alike += weight
            if ours is not False:
                shared.append(trait.name)
        else:
            alike -= weight * _DIFFERS
    if alike < _ENOUGH or alike < possible * _MOST:
        return None
    return NearCase(case=case, alike=alike, shared=tuple(shared))


def _shown(name: str, value: object) -> str:
    words = name.replace("_", " ")
    return words if value is True else f"{words} ({str(value).replace('_', ' ')})"
