"""The words of the Own posts page. Beside wording; holds no decision."""

from types import MappingProxyType
from typing import Final

from stormcone.models.drafts import DraftAdvice, DraftCategory, DraftRole

TITLE: Final = "Check a draft"
TITLE_HELP: Final = "Nothing is posted and nothing is stored. The check looks for known ways in which posts backfired."
TEXT: Final = "Draft"
TEXT_PLACEHOLDER: Final = "What you are about to post"
ROLE: Final = "From which account"
DAY: Final = "Goes out on"
REPLY: Final = "Answers this text (if it is a reply)"
AUTOMATED: Final = "A machine will post it"
CHECK: Final = "Check"
EMPTY: Final = "Type a draft first."
ROOM_TITLE: Final = "The room: news about {brand} in the last 48 hours"
ROOM_EMPTY: Final = "No news about {brand} was stored in the last 48 hours."
NOTHING_FOUND: Final = "Nothing known speaks against it. That is no promise: a second pair of eyes is still worth it."
POSTS_TITLE: Final = "Own posts of the last week that the check would have stopped"
POSTS_EMPTY: Final = "None of the own posts of the last week is flagged."
GONE: Final = "deleted"

ADVICE_WORDS: Final = MappingProxyType(
    {
        DraftAdvice.POST: "Post it",
        DraftAdvice.REVIEW: "Let somebody else read it first",
        DraftAdvice.DO_NOT_POST: "Do not post this",
    }
)
ADVICE_ICONS: Final = MappingProxyType(
    {
        DraftAdvice.POST: ":material/check_circle:",
        DraftAdvice.REVIEW: ":material/visibility:",
        DraftAdvice.DO_NOT_POST: ":material/block:",
    }
)
ROLE_WORDS: Final = MappingProxyType(
    {DraftRole.OFFICIAL: "official", DraftRole.EXECUTIVE: "an executive's", DraftRole.SUPPORT: "support"}
)
CATEGORY_WORDS: Final = MappingProxyType(
    {
        DraftCategory.AUDIENCE_INAPPROPRIATE: "unfit for the audience",
        DraftCategory.OFFENSIVE: "demeans people",
        DraftCategory.TONE_DEAF: "tone-deaf",
        DraftCategory.WRONG_ACCOUNT: "reads like a private account",
        DraftCategory.THREAT: "threat, harassment or private data",
        DraftCategory.INTERNAL_SLIP: "internal note",
        DraftCategory.OFFENSIVE_REPLY: "rude to a person",
        DraftCategory.PLACEHOLDER: "unfinished",
        DraftCategory.HASHTAG_HIJACK: "can be turned against you",
        DraftCategory.SOLICITS_UGC: "asks for content on a controversy",
        DraftCategory.NEWSJACKING: "sells on a tragedy",
        DraftCategory.SOLEMN_DAY: "promotion on a solemn day",
        DraftCategory.SENSITIVE_DATE: "clashes with the date",
        DraftCategory.KNOWN_CONTROVERSY: "leans into a controversy",
    }
)
