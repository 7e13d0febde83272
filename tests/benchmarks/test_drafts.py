"""The benchmark of the draft check: its sets are whole, its bars are met, and a miss is told."""

from dataclasses import replace

from benchmarks.drafts import HARMLESS, SETS, Checked, load, result, run
from stormcone.models.drafts import DraftCategory


def test_bars_are_met_on_both_sets() -> None:
    for name in ("tune", "held"):
        found = result(*run(load(SETS / f"{name}.jsonl")))
        assert found.missed == [], f"{name}: {found}"


def test_sets_hold_every_category_in_every_language_and_share_no_draft() -> None:
    tune, held = load(SETS / "tune.jsonl"), load(SETS / "held.jsonl")
    kinds = {(case.want, case.language) for case in tune}
    assert kinds == {(want, lang) for want in (HARMLESS, *DraftCategory) for lang in ("en", "hu", "fi")}
    assert {case.draft.text for case in tune}.isdisjoint(case.draft.text for case in held)
    assert len({case.draft for case in tune}) == len(tune)


def test_missed_bars_are_named() -> None:
    case = load(SETS / "held.jsonl")[0]
    silent = [Checked(case=case, said=None), Checked(case=replace(case, want=HARMLESS), said="offensive")]
    assert result(silent, 500.0).missed == ["flagged", "category", "false flags", "milliseconds"]


def test_placeholder_and_internal_slip_are_one() -> None:
    case = replace(load(SETS / "held.jsonl")[0], want="placeholder")
    assert Checked(case=case, said="internal_slip").is_right
    assert not Checked(case=case, said="offensive").is_right
