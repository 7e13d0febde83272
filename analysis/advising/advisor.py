"""The advisor: facts in, one action out, with its deadline, its reasons and what would change it.

Used by the verdicts, the command line and the dashboard; there is no second one. Pure: the same facts give the same
answer. Never acts, never looks at a brand's name, and never reads what nobody knows as no.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Final

from analysis.advising.changing import Changing
from analysis.advising.conditions import View, all_hold
from analysis.advising.facing import spoken, view_of
from analysis.advising.rules import Rule, RuleBook, read_rules
from stormcone.config import AdviceSettings
from stormcone.models import Action, Advice, Avoid, Because, Change, Facts, Precedent

_REMEMBERED: Final = 4096  # calm looks are alike: most facts recur
_OVER: Final = frozenset({Action.NONE, Action.STAND_DOWN})  # nothing comes on top of these

FindPrecedents = Callable[[Facts], tuple[Precedent, ...]]


class Advisor:
    """Applies the rules of advice.

    >>> from stormcone.models import Cause, Responsibility
    >>> facts = Facts(cause=Cause.OFFENSIVE_OR_TONE_DEAF, responsibility=Responsibility.PREVENTABLE, severity=4)
    >>> advice = Advisor().advise(facts)
    >>> str(advice.action), [str(each) for each in advice.also], advice.within_minutes
    ('delete_with_notice', ['apologise', 'preserve_evidence', 'escalate'], 60)
    >>> advice.because[0].rule
    'tone-deaf-preventable'
    """

    def __init__(
        self,
        settings: AdviceSettings | None = None,
        *,
        rules: RuleBook | None = None,
        precedents: FindPrecedents | None = None,
    ) -> None:
        self._settings = settings or AdviceSettings()
        self._rules = rules or read_rules(self._settings)
        self._precedents = precedents
        self._changing = Changing(self._action, self._settings, deciding=self._rules.deciding)
        self._changes = lru_cache(maxsize=_REMEMBERED)(self._find_changes)
        self._silent: dict[str, Any] = {
            each.name: None for each in fields(Facts) if each.name not in self._rules.deciding
        }
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._advise)

    def advise(self, facts: Facts) -> Advice:
        """Return what is advised on these facts; a person decides."""
        return self._remembered(facts)

    def _advise(self, facts: Facts) -> Advice:
        view = view_of(facts, self._settings)
        banned = self._banned(view)
        rule = self._ruling(view, banned)
        action = rule.action or Action.MONITOR
        modifiers = [] if action in _OVER else [each for each in self._rules.modifiers if all_hold(each.when, view)]
        also = _also([rule, *modifiers], view, banned | {action})
        if action is Action.NONE:
            also = ()
        changes = () if action is Action.NONE else self._changes(self._deciding(facts), action)
        return Advice(
            action=action,
            within_minutes=self._minutes(rule, action, view),
            because=tuple(self._reasons(rule, modifiers, view)),
            also=also,
            precedents=() if action is Action.NONE or self._precedents is None else self._precedents(facts),
            avoid=_avoided([rule, *modifiers]),
            ask=tuple(dict.fromkeys(each.fact for each in changes)),
            changes=changes,
        )

    def _action(self, view: View) -> Action:
        return self._ruling(view, self._banned(view)).action or Action.MONITOR

    def _deciding(self, facts: Facts) -> Facts:
        """Return the facts without those that no rule asks about: they change at every look, the answers do not."""
        return replace(facts, **self._silent)

    def _find_changes(self, facts: Facts, action: Action) -> tuple[Change, ...]:
        return self._changing.of(view_of(facts, self._settings), action)

    def _banned(self, view: View) -> frozenset[Action]:
        return frozenset(action for ban in self._rules.bans if all_hold(ban.when, view) for action in ban.actions)

    def _ruling(self, view: View, banned: frozenset[Action]) -> Rule:
        return next(each for each in self._rules.rules if each.action not in banned and all_hold(each.when, view))

    def _minutes(self, rule: Rule, action: Action, view: View) -> int:
        if action is not Action.HOLD:
            return rule.within_minutes
        severity = view["severity"]
        is_serious = isinstance(severity, int) and severity >= self._settings.serious_severity
        return self._settings.serious_hold_minutes if is_serious else self._settings.hold_minutes

    def _reasons(self, rule: Rule, modifiers: Iterable[Rule], view: View) -> Iterator[Because]:
        """Yield why: the rule, what speaks against it, what stood in the way of another rule, and what came on top."""
        yield Because(rule=rule.name, text=_filled(rule.text, view), source=rule.source)
        if rule.other_side and rule.other_source:
            yield Because(rule=f"{rule.name}, the other side", text=rule.other_side, source=rule.other_source)
        for ban in self._rules.bans:
            if all_hold(ban.when, view) and self._would_be(view, ban.actions):
                yield Because(rule=ban.name, text=_filled(ban.text, view), source=ban.source)
        for each in modifiers:
            if each.when:  # what always holds is no news
                yield Because(rule=each.name, text=_filled(each.text, view), source=each.source)

    def _would_be(self, view: View, actions: frozenset[Action]) -> bool:
        """Tell whether one of the actions would be advised if nothing were banned."""
        return self._ruling(view, frozenset()).action in actions


def _also(rules: Iterable[Rule], view: View, excluded: frozenset[Action]) -> tuple[Action, ...]:
    """Return the further actions in their order, each once, without what is excluded."""
    found = (
        next((extra.action for extra in group if extra.action not in excluded and all_hold(extra.when, view)), None)
        for rule in rules
        for group in rule.also
    )
    return tuple(dict.fromkeys(action for action in found if action is not None))


def _avoided(rules: Iterable[Rule]) -> tuple[Avoid, ...]:
    return tuple(dict.fromkeys(each for rule in rules for each in rule.avoid))


def _filled(text: str, view: View) -> str:
    return text.format_map({name: spoken(name, value) for name, value in view.items()})
