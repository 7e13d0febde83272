"""Whether the press wrote about it shortly before: articles on news platforms, and one host's articles passed around.

Measured on the notes of the last hours. What counts as an article is read off the address alone; nothing is fetched,
and no list of newspapers is kept. Says when, never what was written.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from analysis.company_notes import CompanyNote, accounts_of
from stormcone.config import KindSettings
from stormcone.models.signal_views import Reported

LATELY: Final = timedelta(hours=3)  # as long as the memory of company keeps its notes

_SHOWN: Final = 3
_ADDRESS = re.compile(
    r"https?://(?:www\.)?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5})(?::\d+)?(/\S{1,300})", re.IGNORECASE
)
# A date, a long number, or four words and more in one part of the path: how newspapers name articles.
_ARTICLE = re.compile(r"/(?:19|20)\d\d[/-]\d{1,2}(?:[/-]|$)|/[^/?#]*\d{6,}|/[^/?#-]+(?:-[^/?#-]+){3,}")
_NO_PRESS: Final = (  # where people, shops and petitions publish
    "twitter.com", "x.com", "t.co", "facebook.com", "fb.me", "instagram.com", "tiktok.com", "youtube.com", "youtu.be",
    "reddit.com", "redd.it", "linkedin.com", "bsky.app", "threads.net", "t.me", "pinterest.com", "bit.ly",
    "tinyurl.com", "change.org", "gofundme.com", "amazon.com", "ebay.com", "wikipedia.org", "google.com", "medium.com",
    "substack.com",
)  # fmt: skip


def article_host(text: str) -> str | None:
    """Return the host of the first article that a text links to, in lower case; None where it links to none.

    Args: text: as it was posted, of any length; the first 600 characters are read.
    >>> article_host("look: https://www.daily.example/2026/11/bakery-under-fire?src=x")
    'daily.example'
    >>> article_host("join https://change.org/p/do-not-buy-this-bread") is None
    True
    """
    for address in _ADDRESS.finditer(text[:600]):
        host = address.group(1).lower()
        is_no_press = any(host == each or host.endswith(f".{each}") for each in _NO_PRESS)
        if not is_no_press and _ARTICLE.search(address.group(2)):
            return host
    return None


def reported(
    lately: Sequence[CompanyNote],
    voices: Sequence[CompanyNote],
    settings: KindSettings,
    *,
    usual_reports: float | None,
) -> Reported | None:
    """Return what the press wrote in the last three hours, None where it was no more than it always does.

    Args: lately: all notes of those hours, oldest first. voices: those of the window, press left out.
        usual_reports: on news platforms in three hours of this brand, None where nobody knows yet.
    """
    if not voices:
        return None
    articles = [(note.at, note.account) for note in lately if note.is_press]
    if len(articles) < settings.press_times * (usual_reports or 0.0):
        articles = []
    for host in _passed_around(voices, settings):
        articles.append((min(note.at for note in lately if note.article == host), host))
    if not articles:
        return None
    articles.sort()
    before = _middle([note for note in voices if note.is_against] or voices) - articles[0][0]
    return Reported(
        minutes_before=before / timedelta(minutes=1),
        reports=len(articles),
        outlets=tuple(dict.fromkeys(name for _, name in articles))[:_SHOWN],
    )


def _passed_around(voices: Sequence[CompanyNote], settings: KindSettings) -> list[str]:
    """Return the hosts whose articles several accounts, and a part of the crowd worth naming, link to."""
    sharers: dict[str, set[str]] = {}
    for note in voices:
        if note.article is not None:
            sharers.setdefault(note.article, set()).add(note.account)
    enough = max(settings.shared_by, settings.shared_share * len(accounts_of(voices))) if sharers else 0
    return sorted(host for host, accounts in sharers.items() if len(accounts) >= enough)


def _middle(notes: Sequence[CompanyNote]) -> datetime:
    return sorted(note.at for note in notes)[len(notes) // 2]
