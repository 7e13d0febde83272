"""One mention as the memory of company keeps it: when, who, how it speaks. Never its text.

Made by `analysis.company`, measured by `analysis.coordination` and `analysis.reports`. A record; decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from analysis.likeness import LikeTexts
from analysis.threads import PostKey

_YOUNG: Final = timedelta(days=30)  # as in the literature on arranged waves: most accounts made for one are days old


@dataclass(slots=True, kw_only=True)
class CompanyNote:
    """A mention of the last hours.

    account: who, a name of its own where nobody knows (`is_known` False). is_against: openly. texts, alike: the nearly
    same texts it belongs to, None where it is too short. article: the host of an article it links to.
    """

    at: datetime
    thread: PostKey | None
    account: str
    is_known: bool
    is_against: bool
    p_positive: float
    is_repost: bool
    is_own_post: bool
    is_press: bool
    created_at: datetime | None
    texts: LikeTexts | None = None
    alike: float = 0.0
    hashtags: tuple[str, ...] = ()
    is_commentary: bool = False
    article: str | None = None

    @property
    def is_young(self) -> bool | None:
        """True where the account was below 30 days old; None where nobody knows."""
        return None if self.created_at is None else self.at - self.created_at < _YOUNG


def accounts_of(notes: Iterable[CompanyNote]) -> set[str]:
    """Return the distinct accounts of some notes."""
    return {note.account for note in notes}
