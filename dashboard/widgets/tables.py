"""Columns as st.dataframe sends them to the browser, without the detour through pandas: a third of a refresh's cost.

Used by every card with a table. Formats nothing, escapes nothing: cells show text as it is.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa  # type: ignore[import-untyped]  # it publishes no types

Cell = str | int | float | None


def columns(values: Mapping[str, Sequence[Cell]]) -> pa.Table:
    """Return equally long columns as a table.

    >>> columns({"Against": [3, 1], "Post": ["a", "b"]}).num_rows
    2
    """
    return pa.table({name: pa.array(list(cells)) for name, cells in values.items()})


def marks(name: str, cells: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return a column of marks, or no column where no row has one: an empty one only takes room.

    >>> marks("Certainty", ["", "guess"]), marks("Certainty", ["", ""])
    ({'Certainty': ['', 'guess']}, {})
    """
    return {name: cells} if any(cells) else {}
