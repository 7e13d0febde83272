"""The inserts both databases know: "if it is new", "add to what is there", "in place of what is there".

Used inside the store only. Never opens a transaction. A statement is compiled once for each shape of row and then goes
to the driver with bare values: building it costs more than running it, and so does binding by name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Table, case, literal_column
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]  # column -> value, as SQLAlchemy takes it; never leaves the store

_INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_DUST = "0.000000001"  # no sum of probabilities is as small
_CHUNK = 5_000  # rows handed to the driver at once: keeps the memory of a large import flat


def insert_new(connection: Connection, table: Table, values: Iterable[Row]) -> int:
    """Insert rows whose key is not taken. Returns: how many were new."""
    return _run(connection, table, list(values), _if_new, ())


def insert_or_add(connection: Connection, table: Table, values: Sequence[Row], *, add: tuple[str, ...]) -> None:
    """Insert rows, or add the columns `add` to the row that holds the key already."""
    _run(connection, table, values, _or_add, add)


def add_corrections(connection: Connection, table: Table, values: Sequence[Row], *, add: tuple[str, ...]) -> None:
    """Add differences to the columns `add`, some of them below zero; a sum that comes to nothing is exactly zero."""
    _run(connection, table, values, _or_correct, add)


def insert_or_replace(connection: Connection, table: Table, values: Sequence[Row]) -> None:
    """Insert rows, or overwrite the columns given of the row that holds the key already."""
    if values:
        _run(connection, table, values, _or_replace, tuple(values[0]))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, and how the values of a row become what the driver takes.

    conversions: place among `columns` and the conversion, for those columns that need one.
    """

    sql: str
    columns: tuple[str, ...]
    conversions: tuple[tuple[int, Callable[[Any], Any]], ...]
    is_positional: bool

    def bind(self, row: Row) -> tuple[Any, ...] | Row:
        """Return the values of a row as the statement wants them."""
        values = [row[name] for name in self.columns]
        for place, convert in self.conversions:
            values[place] = convert(values[place])
        return tuple(values) if self.is_positional else dict(zip(self.columns, values, strict=True))


_Make = Callable[[Any, Table, tuple[str, ...]], Any]
_PREPARED: dict[tuple[str, Table, _Make, tuple[str, ...], tuple[str, ...]], _Prepared] = {}


def _run(connection: Connection, table: Table, rows: Sequence[Row], make: _Make, names: tuple[str, ...]) -> int:
    """Insert rows that all have the columns of the first. Returns: how many rows the database wrote."""
    if not rows:
        return 0
    prepared = _prepared(connection.dialect, table, make, names, tuple(rows[0]))
    written = 0
    for start in range(0, len(rows), _CHUNK):
        bound = [prepared.bind(row) for row in rows[start : start + _CHUNK]]
        done = connection.exec_driver_sql(prepared.sql, bound, execution_options={"preserve_rowcount": True})
        written += done.rowcount
    return written


def _prepared(
    dialect: Dialect, table: Table, make: _Make, names: tuple[str, ...], columns: tuple[str, ...]
) -> _Prepared:
    key = (dialect.name, table, make, names, columns)
    if key not in _PREPARED:
        statement = make(_INSERTS[dialect.name](table), table, names)
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        order = tuple(compiled.positiontup or columns)
        found = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order]
        _PREPARED[key] = _Prepared(
            sql=str(compiled),
            columns=order,
            conversions=tuple((place, convert) for place, convert in enumerate(found) if convert is not None),
            is_positional=compiled.positional,
        )
    return _PREPARED[key]


def _if_new(insert: Any, _table: Table, _names: tuple[str, ...]) -> Any:  # noqa: ANN401 - an insert of either dialect
    return insert.on_conflict_do_nothing()


def _or_add(insert: Any, table: Table, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + insert.excluded[name] for name in names},
    )


def _or_correct(insert: Any, table: Table, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: _without_dust(table.c[name] + insert.excluded[name]) for name in names},
    )


def _without_dust(total: ColumnElement[Any]) -> ColumnElement[Any]:
    """Floats that were added and taken away again leave a trace, which a screen would show as minus zero."""
    return case((total < literal_column(_DUST), literal_column("0")), else_=total)


def _or_replace(insert: Any, table: Table, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    keys = {column.name for column in table.primary_key.columns}
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: insert.excluded[name] for name in names if name not in keys},
    )
