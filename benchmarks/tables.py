"""Shows what a benchmark measured: a table for people and, if asked for, one last line of JSON for programs.

Used by every benchmark. Never measures, never decides whether a figure is good.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


def new_parser(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options all benchmarks have: --json, --file, --rounds."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON on the last line")
    parser.add_argument("--file", type=Path, help="measure on this mention file instead of invented mentions")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts")
    return parser


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table under its title; all columns but the first are figures."""
    table = Table()
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    print(title)
    Console(width=max(100, 20 * len(columns))).print(table)


def show_json(figures: Mapping[str, Any]) -> None:
    """Print the figures on one line."""
    print(json.dumps(figures))
