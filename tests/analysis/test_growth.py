import math

import pytest

from analysis.growth import growth_of


def test_counts_that_halve_fall_by_a_half_each_bin() -> None:
    found = growth_of([64, 32, 16, 8, 4])
    assert found is not None
    assert found.slope == pytest.approx(-math.log(2))
    assert found.scatter == pytest.approx(0.0, abs=1e-9)


def test_even_counts_neither_rise_nor_fall() -> None:
    found = growth_of([5, 5, 5, 5])
    assert found is not None
    assert found.slope == pytest.approx(0.0)
    # Four bins around their middle: squares 2.25 + 0.25 + 0.25 + 2.25 = 5, five in each: variance 1 / 25.
    assert (found.variance, found.degrees) == (pytest.approx(1 / 25), 2)


def test_scatter_is_reckoned_from_what_the_line_leaves() -> None:
    found = growth_of([0, 10, 0, 0, 10, 0])
    assert found is not None
    # The line is flat at 20/6; four bins miss it by 20/6, two by 40/6.
    assert found.scatter == pytest.approx(4 * 20 / 6 + 2 * (40 / 6) ** 2 / (20 / 6))


@pytest.mark.parametrize("counts", [[0, 0, 0, 0], [1, 2], [], [20, 0, 0, 0, 0], [0, 0, 0, 0, 300]])
def test_what_no_line_describes_has_no_growth(counts: list[int]) -> None:
    assert growth_of(counts) is None


def test_large_counts_do_not_overflow() -> None:
    found = growth_of([10**9, 10**6, 10**3, 1])
    assert found is not None
    assert found.slope < -5
