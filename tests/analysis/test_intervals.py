import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intervals import difference, normal_quantile, t_quantile, wilson


def test_the_interval_is_the_one_that_is_reckoned_by_hand() -> None:
    # z = 1.2816, z^2 = 1.6424: middle (0.6 + 0.0821) / 1.1642 = 0.5859, reach 1.2816 * sqrt(0.0281) / 1.1642 = 0.1845
    share = wilson(6, 10, level=0.8)
    assert (share.value, share.n) == (0.6, 10)
    assert share.low == pytest.approx(0.4013, abs=1e-4)
    assert share.high == pytest.approx(0.7704, abs=1e-4)


def test_nobody_of_nobody_is_no_share() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        wilson(0, 0, level=0.8)
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2, level=0.8)


def test_none_of_some_leaves_room_for_a_few() -> None:
    share = wilson(0, 10, level=0.8)
    assert share.low == 0.0
    assert share.high == pytest.approx(1.6424 / 11.6424, abs=1e-4)


@given(n=st.integers(1, 500), data=st.data())
def test_a_share_lies_in_its_interval_and_on_the_scale(n: int, data: st.DataObject) -> None:
    share = wilson(data.draw(st.integers(0, n)), n, level=0.95)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_a_difference_is_the_published_example() -> None:
    # Newcombe 1998, table II: 56/70 - 48/80, method 10: 0.0524 to 0.3339
    change = difference(wilson(56, 70, level=0.95), wilson(48, 80, level=0.95))
    assert (round(change.low, 4), round(change.value, 4), round(change.high, 4)) == (0.0524, 0.2, 0.3339)


@pytest.mark.parametrize(("degrees", "tabled"), [(3, 3.182), (8, 2.306), (20, 2.086), (60, 2.000)])
def test_student_is_near_the_tables(degrees: int, tabled: float) -> None:
    assert t_quantile(0.95, degrees) == pytest.approx(tabled, rel=0.02)


def test_many_degrees_are_as_good_as_normal() -> None:
    assert t_quantile(0.8, 1e9) == pytest.approx(normal_quantile(0.8))
