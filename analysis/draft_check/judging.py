"""Applies the rules to what was found, and says what is wrong with a draft.

Last step of the draft check. Pure; the same findings always give the same flags.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.draft_check.findings import Finding, Findings
from analysis.draft_check.rule_files import Rule
from stormcone.models.drafts import DraftAdvice, DraftCategory, DraftFlag, DraftVerdict

MOST_FLAGS: Final = 4
_REMARK_FROM: Final = 0.3


def judge(rules: Sequence[Rule], findings: Findings) -> DraftVerdict:
    """Return what the rules say of a draft: of each category the strongest flag, at most four of them."""
    strongest: dict[DraftCategory, DraftFlag] = {}
    for flag in _flags(rules, findings):
        known = strongest.get(flag.category)
        if known is None or flag.risk > known.risk:
            strongest[flag.category] = flag
    flags = sorted(strongest.values(), key=lambda flag: -flag.risk)[:MOST_FLAGS]
    risk = flags[0].risk if flags else 0.0
    return DraftVerdict(
        risk=risk, flags=tuple(flag for flag in flags if flag.risk >= _REMARK_FROM), advice=DraftAdvice.at(risk)
    )


def _flags(rules: Sequence[Rule], findings: Findings) -> Iterator[DraftFlag]:
    for rule in rules:
        met = meets(rule, findings)
        if met is not None:
            yield DraftFlag(
                rule=rule.name,
                category=rule.category,
                risk=rule.risk,
                why=rule.why.format(*(each.words for each in met)),
                span=_span(rule, met),
                source=rule.source,
            )


def meets(rule: Rule, findings: Findings) -> tuple[Finding, ...] | None:
    """Return the findings that meet a rule, one a line of it; None where it does not speak."""
    if any(concept in findings for concept in rule.none):
        return None
    lines = [[found for concept in line for found in findings[concept]] for line in rule.every]
    if not all(lines):
        return None
    return _choose(lines, (), rule.near)


def _choose(
    lines: Sequence[Sequence[Finding]], chosen: tuple[Finding, ...], near: int | None
) -> tuple[Finding, ...] | None:
    """Return one finding of each line, no two of them the same words, all of them near each other."""
    if not lines:
        return chosen
    for found in lines[0]:
        if any(found.overlaps(other) for other in chosen) or not _is_near(found, chosen, near):
            continue
        rest = _choose(lines[1:], (*chosen, found), near)
        if rest is not None:
            return rest
    return None


def _is_near(found: Finding, chosen: Sequence[Finding], near: int | None) -> bool:
    if near is None or found.first is None:
        return True
    return all(other.first is None or abs(found.first - other.first) <= near + 1 for other in chosen)


def _span(rule: Rule, met: Sequence[Finding]) -> tuple[int, int] | None:
    shown = met if rule.shows is None else (met[rule.shows],)
    spans = [found.span for found in shown if found.span is not None]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None
