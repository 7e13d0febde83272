"""The house rules that a machine can check: sizes, docstrings, layout, names, borders."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("stormcone", "collectors", "analysis", "alerts", "dashboard")
FOLDERS = (*PACKAGES, "tests", "benchmarks")
TEXTS = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".css",
    ".js",
    ".html",
    ".csv",
    ".jsonl",
    ".json",
    ".mako",
    ".yml",
    ".yaml",
    ".sh",
    "",
}
BROAD = {"Exception", "BaseException"}


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    return tuple(sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py")))


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def text_files() -> Iterator[Path]:
    """Yield what a checkout holds as text: files of the root, and those of our folders, docs and the build."""
    yield from (file for file in ROOT.iterdir() if file.is_file())
    for folder in (*FOLDERS, "docs", ".ci"):
        yield from (file for file in (ROOT / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def test_there_is_a_house_to_check() -> None:
    assert {file.parts[len(ROOT.parts)] for file in python_files(*PACKAGES)} == set(PACKAGES)


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {name_of(file): file.read_text(encoding="utf-8").count("\n") for file in python_files(*FOLDERS)}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    lengths = {
        f"{name_of(file)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file in python_files(*FOLDERS)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in lengths.items() if count > 60} == {}


def test_every_file_says_what_it_is() -> None:
    assert [name_of(f) for f in python_files(*PACKAGES, "benchmarks") if not ast.get_docstring(parsed(f))] == []


def is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(is_broad, caught.elts))
    return caught is None or (isinstance(caught, ast.Name) and caught.id in BROAD)


def broad_catches() -> Iterator[tuple[str, str]]:
    """Yield place and source line of everything that catches more than it can name."""
    for file in python_files(*PACKAGES, "benchmarks"):
        lines = file.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(parsed(file)):
            is_suppress = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress")
            if (isinstance(node, ast.ExceptHandler) and is_broad(node.type)) or (
                is_suppress and isinstance(node, ast.Call) and any(map(is_broad, node.args))
            ):
                yield f"{name_of(file)}:{node.lineno}", lines[node.lineno - 1]


def test_everything_is_caught_at_few_marked_borders_only() -> None:
    caught = list(broad_catches())
    assert [place for place, line in caught if not re.search(r"except Exception.*# border: \w", line)] == []
    assert len(caught) <= 8


def test_tests_are_no_packages() -> None:
    assert [name_of(file) for file in (ROOT / "tests").rglob("__init__.py")] == []


def test_tests_stand_where_the_code_stands() -> None:
    """tests/cases holds whole storms, which belong to no single file of the code."""
    folders = {file.parent.relative_to(ROOT / "tests") for file in python_files("tests")} - {Path("cases")}
    assert [str(each) for each in folders if each != Path() and not (ROOT / each).is_dir()] == []


def test_no_screen_hides_a_package_of_the_same_name() -> None:
    """Streamlit puts dashboard/ first on sys.path, so its modules are found before anybody else's."""
    taken = {*sys.stdlib_module_names, *packages_distributions(), *PACKAGES}
    modules = {each.stem for each in (ROOT / "dashboard").iterdir() if each.suffix == ".py" or each.is_dir()}
    assert (modules - {"__init__", "__pycache__"}) & taken == set()


def test_nobody_else_ships_a_package_of_our_names() -> None:
    shipped = packages_distributions()
    assert {name: shipped[name] for name in PACKAGES if set(shipped.get(name, ())) - {"stormcone"}} == {}


def test_constraints_pin_exact_versions() -> None:
    file = ROOT / "constraints.txt"
    if not file.exists():
        pytest.skip("constraints.txt is not written yet")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!]*", line)] == []
    assert lines


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    paths = re.compile("|".join(rf"(?<![\w.~-])/{name}/" for name in ("work", "root", "tmp")))
    found = {
        name_of(file): paths.findall(file.read_text(encoding="utf-8", errors="replace"))
        for file in text_files()
        if file.suffix in TEXTS
    }
    assert {name: hits for name, hits in found.items() if hits} == {}
