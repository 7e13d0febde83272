import doctest
from types import ModuleType

import pytest

from dashboard import escaping, figures, health, key_figures, promise_words, wording
from dashboard.widgets import tables


@pytest.mark.parametrize(
    "module", [escaping, figures, health, key_figures, promise_words, tables, wording], ids=lambda each: each.__name__
)
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
