"""Cuts CSV lines into records and finds its way again after a broken one.

Below csv_rows.py. A quote that is opened and never closed would swallow every row after it; here only the broken record
is skipped, and reading goes on with the next line that has as many cells as the header. Never looks into a cell.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from stormcone.mention_file.lines import Lines

# Ten times the longest text we promise to keep. It also bounds how far an open quote can run before it is noticed.
_MAX_CELL_CHARACTERS = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRecord:
    """Lines that are no record: first and last line number, and why."""

    first_line: int
    last_line: int
    reason: str


CsvRecord: TypeAlias = tuple[int, list[str]]  # number of its first line, cells


class CsvRecords:
    """Records of a CSV file in order; the first one, the header, says how many cells each other one has."""

    def __init__(self, lines: Lines) -> None:
        # The limit belongs to the whole process; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL_CHARACTERS))
        self._lines = lines
        self._source = iter(lines)
        self._again: deque[str] = deque()  # lines given back after a broken record
        self._taken: list[str] = []  # lines of the record under way
        self._reader = csv.reader(self._feed(), strict=True)
        self._lines_done = 0

    def header(self) -> list[str] | None:
        """Return the cells of the first record that is not blank, or None if there is none. Raises: csv.Error."""
        for cells in self._reader:
            self._close_record()
            if any(cells):
                return cells
        return None

    def rows(self, width: int) -> Iterator[CsvRecord | BrokenRecord]:
        """Yield the records of `width` cells, and what stands between them and is none; blank lines are passed over."""
        lost: BrokenRecord | None = None  # a broken stretch whose end is not known yet
        while (found := self._next(width)) is not None:
            if not isinstance(found, BrokenRecord):
                if not found[1]:
                    continue
                if lost is not None:
                    yield lost
                    lost = None
                yield found
            elif lost is not None:
                lost = BrokenRecord(first_line=lost.first_line, last_line=found.last_line, reason=lost.reason)
            elif self._again:
                lost = found
            else:
                yield found
        if lost is not None:
            yield lost

    @property
    def lines_done(self) -> int:
        """Number of the last line that was read."""
        return self._lines_done

    def _next(self, width: int) -> CsvRecord | BrokenRecord | None:
        first_line = self._lines_done + 1
        try:
            cells = next(self._reader, None)
        except csv.Error as error:
            return self._broken(f"is no valid CSV ({error}); close every quote and double the quotes inside a text")
        if cells is None:
            return None
        if len(cells) != width:
            is_blank = not "".join(cells).strip()
            if not is_blank and (len(cells) < width or any(cells[width:])):
                return self._broken(
                    f"has {len(cells)} cells, the header {width}; "
                    "the row is cut off, or a text with commas stands without quotes"
                )
            del cells[0 if is_blank else width :]  # commas too many at the end say nothing
        self._close_record()
        return first_line, cells

    def _broken(self, reason: str) -> BrokenRecord:
        """Give back all lines of the record but its first: rows may hide in them.

        Not where the file is damaged: there the record is what is left of a longer one, and its lines are text.
        """
        first_line = self._lines_done + 1
        if self._lines.damage is not None:
            self._close_record()
            return BrokenRecord(first_line=first_line, last_line=self._lines_done, reason=reason)
        self._again.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        self._close_record()
        self._reader = csv.reader(self._feed(), strict=True)
        return BrokenRecord(first_line=first_line, last_line=first_line, reason=reason)

    def _close_record(self) -> None:
        self._lines_done += len(self._taken)
        self._taken.clear()

    def _feed(self) -> Iterator[str]:
        while self._again:
            line = self._again.popleft()
            self._taken.append(line)
            yield line
        for line in self._source:
            self._taken.append(line)
            yield line
