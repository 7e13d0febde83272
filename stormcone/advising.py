"""The advice on an incident as it stands: what was measured, with what people answered, asked of the one advisor.

Used by the pipeline for notices, by command line and dashboard for what they show. Above the analysis and the store,
below acting. Decides nothing by itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from analysis.advising import Advisor
from analysis.precedents import precedents
from stormcone.checklists import standing_advice, verdicts_of
from stormcone.config import AdviceSettings
from stormcone.fact_file import with_answers
from stormcone.journal import StoredVerdict, read_verdict
from stormcone.models import Action, Advice, Answer, Facts, IncidentEvent

REMOVALS = frozenset({Action.DELETE_WITH_NOTICE, Action.REMOVE_AFTER_APPROVAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """Advice, the facts it rests on, and who answered which of them last."""

    facts: Facts
    advice: Advice
    answers: Mapping[str, Answer]

    @property
    def advises_removal(self) -> bool:
        """True where the own post is to go: evidence has to be under seal before."""
        return not REMOVALS.isdisjoint({self.advice.action, *self.advice.also})


@cache
def advisor_of(settings: AdviceSettings) -> Advisor:
    """Return the advisor of the settings, with the casebook, built once in a process.

    Raises: ConfigError: a rule or a case is wrong.
    """
    return Advisor(settings, precedents=precedents)


def advise_with(advisor: Advisor, measured: Facts, answers: Iterable[Answer]) -> Advised:
    """Return the advice on measured facts with people's answers, which count for more.

    Args: answers: oldest first; of each fact the newest holds.
    """
    newest = {each.fact: each for each in answers}
    given = ((fact, json.loads(each.value_json)) for fact, each in newest.items())
    facts = with_answers(measured, given)
    return Advised(facts=facts, advice=advisor.advise(facts), answers=newest)


def measured_facts(events: Sequence[IncidentEvent]) -> Facts:
    """Return the facts of the newest verdict on a timeline; unknown where it holds none.

    Args: events: oldest first.
    """
    told = next((each.verdict_json for each in reversed(events) if each.verdict_json is not None), None)
    verdict = read_verdict(told) if told is not None else None
    return verdict.facts if verdict is not None else Facts()


def advised_on(verdict: StoredVerdict | None, answers: Sequence[Answer], settings: AdviceSettings) -> Advised:
    """Return the advice as it stands. Args: verdict: the newest; of an older Stormcone it bears no facts."""
    facts = verdict.facts if verdict else Facts()
    if verdict and facts == Facts() and not answers:
        return Advised(facts=facts, advice=verdict.advice, answers={})
    return advise_with(advisor_of(settings), facts, answers)


def advised_since(events: Sequence[IncidentEvent], advised: Advised, opened_at: datetime) -> datetime:
    """Return when this action was first advised without a change since: its countdown does not start anew.

    Args: events: the incident's, oldest first.
    """
    standing = standing_advice(verdicts_of(events))
    if standing is not None and standing.advice.action is advised.advice.action:
        return standing.since
    answered = max((each.at for each in advised.answers.values()), default=None)
    return answered or (standing.since if standing else opened_at)
