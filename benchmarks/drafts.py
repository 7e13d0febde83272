"""How well the draft check tells risky drafts from harmless ones: `python -m benchmarks.drafts`.

draft_sets/tune.jsonl is what the rules were made with; draft_sets/held.jsonl was written afterwards, its first result
stands in docs/draft-check.md, and no rule is to be made from it. A line: `draft` (as `stormcone check --from` takes
it, without a language), `want` (a category, or "harmless"), `language`. All texts are invented.

Prints by category and by language which share of the risky drafts is flagged, whether the strongest flag names the
right category (a placeholder and a slip of the internal kind are one), which share of the harmless look-alikes is
flagged, and milliseconds a draft. Ends with 1 where a bar is missed. Never changes a rule.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.draft_check import check_draft
from benchmarks.tables import show, show_json
from stormcone.cli.draft_lines import draft_of
from stormcone.models.drafts import Draft, DraftCategory, DraftProfile

SETS = Path(__file__).parent / "draft_sets"
HARMLESS = "harmless"
FLAGGED_BAR, CATEGORY_BAR, FALSE_BAR, MILLISECONDS_BAR = 0.8, 0.7, 0.1, 200.0
_SLIPS = frozenset({DraftCategory.PLACEHOLDER.value, DraftCategory.INTERNAL_SLIP.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One draft of a set. want: a category, or HARMLESS."""

    draft: Draft
    want: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check said of a case. said: the strongest category that is flagged, None where nothing is."""

    case: Case
    said: str | None

    @property
    def is_right(self) -> bool:
        """Whether the strongest flag names the category that is wanted."""
        return self.said == self.case.want or (self.case.want in _SLIPS and self.said in _SLIPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Shares 0..1 of one set, and milliseconds a draft."""

    flagged: float
    right: float
    false: float
    milliseconds: float

    @property
    def missed(self) -> list[str]:
        """Return the bars that are missed."""
        bars = {
            "flagged": self.flagged >= FLAGGED_BAR,
            "category": self.right >= CATEGORY_BAR,
            "false flags": self.false <= FALSE_BAR,
            "milliseconds": self.milliseconds <= MILLISECONDS_BAR,
        }
        return [name for name, is_met in bars.items() if not is_met]


def load(path: Path) -> list[Case]:
    """Return the cases of a set."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [
        Case(draft=draft_of(row["draft"], lambda _: DraftProfile()), want=row["want"], language=row["language"])
        for row in rows
    ]


def run(cases: Sequence[Case]) -> tuple[list[Checked], float]:
    """Check every case. Returns: what was said, and milliseconds a draft."""
    check_draft(cases[0].draft)  # reads the rules
    started = time.perf_counter()
    checked = []
    for case in cases:
        verdict = check_draft(case.draft)
        checked.append(Checked(case=case, said=verdict.flags[0].category.value if verdict.is_flagged else None))
    return checked, 1000 * (time.perf_counter() - started) / len(cases)


def result(checked: Sequence[Checked], milliseconds: float) -> Result:
    """Return the shares of a set."""
    risky = [each for each in checked if each.case.want != HARMLESS]
    harmless = [each for each in checked if each.case.want == HARMLESS]
    return Result(
        flagged=_share([each.said is not None for each in risky]),
        right=_share([each.is_right for each in risky]),
        false=_share([each.said is not None for each in harmless]),
        milliseconds=milliseconds,
    )


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _rows(checked: Sequence[Checked]) -> Iterator[list[str]]:
    for name in (HARMLESS, *DraftCategory):
        of_kind = [each for each in checked if each.case.want == name]
        cells = [str(name), str(len(of_kind)), f"{_share([each.said is not None for each in of_kind]):.0%}"]
        yield [*cells, "" if name == HARMLESS else f"{_share([each.is_right for each in of_kind]):.0%}"]
    for language in sorted({each.case.language for each in checked}):
        spoken = [each for each in checked if each.case.language == language]
        found = result(spoken, 0.0)
        yield [f"{language}, false {found.false:.0%}", str(len(spoken)), f"{found.flagged:.0%}", f"{found.right:.0%}"]


def main() -> int:
    """Measure both sets. Returns: the exit code."""
    missed: list[str] = []
    figures: dict[str, dict[str, float]] = {}
    for name in ("tune", "held"):
        checked, milliseconds = run(load(SETS / f"{name}.jsonl"))
        found = result(checked, milliseconds)
        show(f"{name}.jsonl", ["drafts", "number", "flagged", "category right"], list(_rows(checked)))
        print(
            f"flagged {found.flagged:.0%}, category right {found.right:.0%}, false flags {found.false:.0%}, "
            f"{found.milliseconds:.1f} ms a draft\n"
        )
        missed += [f"{name}: {bar}" for bar in found.missed]
        figures[name] = {
            "flagged": found.flagged,
            "category": found.right,
            "false": found.false,
            "milliseconds": found.milliseconds,
        }
    if "--json" in sys.argv:
        show_json(figures)
    if missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
