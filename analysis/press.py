"""Which platforms are the press: where editors publish, not where people discuss what they published.

Below everything that asks whether a storm reached the papers or came from them. Compares names; judges nothing.
"""

from typing import Final

# Platforms on which editors publish: feeds of news sites. A forum that discusses the news (Hacker News, Reddit) is
# people, and a platform like any other.
PRESS_PLATFORMS: Final = frozenset({"news", "press", "rss"})


def fold_platform(name: str) -> str:
    """Return a platform's name as it is compared: case and blanks around it do not count.

    >>> fold_platform(" Bluesky")
    'bluesky'
    """
    return name.strip().casefold()


def is_press(platform: str) -> bool:
    """Tell whether editors publish there.

    >>> is_press("News"), is_press("hackernews")
    (True, False)
    """
    return fold_platform(platform) in PRESS_PLATFORMS
