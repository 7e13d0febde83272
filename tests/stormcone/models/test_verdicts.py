import pytest

from stormcone.models import Level, State
from tests.fakes import make_verdict


@pytest.mark.parametrize("severity", [0, 6, -1])
def test_severity_runs_from_one_to_five(severity: int) -> None:
    with pytest.raises(ValueError, match="severity runs from 1 to 5"):
        make_verdict(severity=severity)
    assert [make_verdict(severity=n).severity for n in range(1, 6)] == [1, 2, 3, 4, 5]


def test_levels_are_ordered_and_go_by_their_words() -> None:
    assert [level.word for level in sorted(Level)] == ["calm", "watch", "warn", "page"]
    assert [Level.from_word(level.word) for level in Level] == list(Level)
    with pytest.raises(KeyError):
        Level.from_word("panic")


def test_everything_but_resolved_is_alive() -> None:
    assert {state for state in State if not state.is_live} == {State.RESOLVED}
