from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.navigating import find_pages

PAGES = Path(__file__).parents[2] / "dashboard" / "pages"


def test_pages_of_the_product_are_found_in_order() -> None:
    assert [(page.url_path, page.title) for page in find_pages(PAGES)][:2] == [
        ("now", "Now"),
        ("incidents", "Incidents"),
    ]


def test_dropped_file_becomes_a_page(tmp_path: Path) -> None:
    (tmp_path / "10_last.py").write_text("")
    (tmp_path / "6_what_if.py").write_text("")
    (tmp_path / "notes.py").write_text("")
    (tmp_path / "7_Upper.py").write_text("")
    assert [(page.url_path, page.title) for page in find_pages(tmp_path)] == [("what-if", "What if"), ("last", "Last")]


def test_dropped_third_page_runs_without_any_other_edit(tmp_path: Path) -> None:
    for name, said in (("1_now.py", "first"), ("2_incidents.py", "second"), ("3_extra.py", "third")):
        (tmp_path / name).write_text(f"import streamlit as st\nst.text({said!r})\n")
    entry = tmp_path / "entry.py"
    entry.write_text(
        "from pathlib import Path\nfrom dashboard.navigating import run_pages\nrun_pages(Path(__file__).parent)\n"
    )
    app = AppTest.from_file(str(entry)).run()
    assert app.text[0].value == "first"
    assert app.switch_page("3_extra.py").run().text[0].value == "third"
    assert not app.exception


def test_page_that_throws_is_a_calm_message_with_an_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1_broken.py").write_text("secret = 'planted'\nraise ZeroDivisionError('inner detail')\n")
    entry = tmp_path / "entry.py"
    entry.write_text(
        "from pathlib import Path\nfrom dashboard.navigating import run_pages\nrun_pages(Path(__file__).parent)\n"
    )
    app = AppTest.from_file(str(entry)).run()
    assert not app.exception
    (told,) = app.error
    mark = told.value.split("**")[1]
    assert len(mark) == 8
    assert "inner detail" not in told.value
    assert mark in capsys.readouterr().out
