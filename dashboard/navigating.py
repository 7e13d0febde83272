"""Finds the pages: every file `<number>_<name>.py` of a folder is one, in order of its number.

Adding a page is adding a file; nothing central is edited. The first page is the default and answers at `/`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.guarding import calm
from dashboard.wording import PAGE_TITLES

_PAGE_FILE = re.compile(r"(\d+)_([a-z][a-z0-9_]*)\.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A page as its file name tells it. url_path: `what-if` for `6_what_if.py`."""

    order: int
    name: str
    path: Path

    @property
    def url_path(self) -> str:
        """Last part of its address."""
        return self.name.replace("_", "-")

    @property
    def title(self) -> str:
        """How the navigation calls it."""
        return PAGE_TITLES.get(self.name, self.name.replace("_", " ").capitalize())


def find_pages(folder: Path) -> tuple[PageFile, ...]:
    """Return the pages of a folder in order; other files are no pages."""
    found = [
        PageFile(order=int(match[1]), name=match[2], path=file)
        for file in folder.glob("*.py")
        if (match := _PAGE_FILE.fullmatch(file.name))
    ]
    return tuple(sorted(found, key=lambda page: (page.order, page.name)))


def run_pages(folder: Path) -> None:
    """Draw the navigation over a folder's pages and run the page that was asked for."""
    files = find_pages(folder)
    pages = [
        st.Page(file.path, title=file.title, url_path=None if index == 0 else file.url_path, default=index == 0)
        for index, file in enumerate(files)
    ]
    chosen = st.navigation(pages, position="top")
    with calm(chosen.title):
        chosen.run()
