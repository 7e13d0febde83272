"""One mention as the memory of company keeps it: when, who, how it speaks. Never its text.

Made by `analysis.company`, measured by `analysis.coordination` and `analysis.reports`. A record; decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analysis.likeness import LikeTexts
from analysis.threads import PostKey


@dataclass(slots=True, kw_only=True)
class CompanyNote:
    """A mention of the last hours.

    account: who, a name of its own where nobody knows (`is_known` False). is_against: openly. is_young: the account was
    made lately, None where nobody knows. texts, alike: the nearly same texts it belongs to, None where it is too short.
    article: the host of an article it links to.
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
    is_young: bool | None
    texts: LikeTexts | None = None
    alike: float = 0.0
    hashtags: tuple[str, ...] = ()
    is_commentary: bool = False
    article: str | None = None


def accounts_of(notes: Iterable[CompanyNote]) -> set[str]:
    """Return the distinct accounts of some notes."""
    return {note.account for note in notes}
