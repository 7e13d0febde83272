"""How the advice compares with what sources judged good and bad in the cases of the casebook.

    python -m benchmarks.advice [--json]

The actions were not chosen with these cases in mind: the seven of the source documents are left out. What is warned of
was: the first run warned of 73 % of the deeds. Causes are our own coding, and severity 3 is assumed for all, since no
source measures as we do. Exits 1 where a bar is missed.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from typing import Final

from analysis.casebook import load_casebook
from analysis.cases import Case, Judged
from stormcone.advising import advisor_of
from stormcone.config import AdviceSettings
from stormcone.models import Action, Advice, Facts

_ASSUMED_SEVERITY: Final = 3
_GOOD_BAR: Final = 0.9
_BAD_BAR: Final = 0.9
_SEVEN: Final = frozenset(
    {
        *("usaf-2018-yanny-laurel", "mcdonalds-2017-placeholder", "amazon-2018-earth-day", "lockheed-2018-photo-day"),
        *("snapchat-2018-rihanna-ad", "cruz-2017-like", "coca-cola-2015-makeithappy"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Shares, 0..1. good: cases judged good in which we advise something of what was done. warned: deeds in cases not
    judged good that `avoid` names, of those it can name. sourced: cases in which every reason has a source.
    """

    cases: int
    judged_good: int
    good: float
    deeds: int
    warned: float
    sourced: float
    missed: tuple[str, ...]


def measure() -> Result:
    """Ask the advisor about every case as it stood before anybody had done anything."""
    advisor = advisor_of(AdviceSettings())
    asked = [(case, advisor.advise(_before(case))) for case in load_casebook().cases if case.id not in _SEVEN]
    good = [(case, _agrees(case, advice)) for case, advice in asked if _is(case, Judged.GOOD)]
    deeds = [
        (case, deed, deed in advice.avoid)
        for case, advice in asked
        if _is(case, Judged.BAD) or _is(case, Judged.MIXED)
        for deed in case.besides
        if advice.action is not Action.NONE
    ]
    missed = [f"{case.id}: judged good, not advised" for case, agrees in good if not agrees]
    missed += [f"{case.id}: {deed.value} not warned of" for case, deed, is_warned in deeds if not is_warned]
    return Result(
        cases=len(asked),
        judged_good=len(good),
        good=sum(agrees for _, agrees in good) / len(good),
        deeds=len(deeds),
        warned=sum(is_warned for *_, is_warned in deeds) / len(deeds),
        sourced=sum(all(each.source for each in advice.because) for _, advice in asked) / len(asked),
        missed=tuple(missed),
    )


def _before(case: Case) -> Facts:
    return replace(case.facts, severity=_ASSUMED_SEVERITY, said=(), post_status=None)


def _agrees(case: Case, advice: Advice) -> bool:
    return not set(case.did).isdisjoint({advice.action, *advice.also})


def _is(case: Case, judged: Judged) -> bool:
    return case.practice is not None and case.practice.judged is judged


def main() -> None:
    """Print the figures; exit 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    result = measure()
    if parser.parse_args().json:
        print(json.dumps(asdict(result)))
    else:
        print(f"{result.cases} cases beside the seven of the documents, every reason sourced in {result.sourced:.0%}")
        print(f"judged good by a source: {result.good:.0%} of {result.judged_good} agree (bar {_GOOD_BAR:.0%})")
        print(f"deeds of the others: {result.warned:.0%} of {result.deeds} are warned of (bar {_BAD_BAR:.0%})")
        print("\n".join(f"  {each}" for each in result.missed))
    sys.exit(result.good < _GOOD_BAR or result.warned < _BAD_BAR or result.sourced < 1)


if __name__ == "__main__":
    main()
