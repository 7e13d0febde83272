"""What an answer that is no answer means: wait, call a person, or simply ask again.

Used by collectors around every request. The words of a platform are a stranger's words: they are cut to one clean
line, and a secret that stands in them (a key within an address) is taken out. Never retries, never logs.
"""

from collections.abc import Mapping
from typing import Final

from stormcone.errors import CollectError, RateLimited, Refused

_LONGEST_DETAIL: Final = 200  # characters of a platform's own words in a message
_SHORTEST_SECRET: Final = 4  # shorter values stand in ordinary words; they guard nothing
_NEEDS_A_PERSON: Final = {
    401: "the key is not accepted",
    402: "the account has no credits left",
    403: "the key may not do this",
}
_TOO_MANY: Final = 429
_ELSEWHERE: Final = range(300, 500)  # whoever answers so is not what was meant to be asked


def failure(
    platform: str, status: int, detail: str = "", *, remedy: str, retry_after_seconds: float | None = None
) -> CollectError:
    """Return the error that an HTTP status stands for.

    Args: status: what the platform answered. detail: its own words. remedy: what a person can do where it refuses us.
        retry_after_seconds: what it asked for, None where it did not say.
    Returns: RateLimited for 429, Refused for 401, 402 and 403, otherwise a CollectError: the next poll asks again.
    >>> failure("x", 402, "CreditsDepleted", remedy="buy credits in the developer console")
    Refused('x: 402, the account has no credits left (CreditsDepleted); buy credits in the developer console')
    >>> failure("news", 503, remedy="")
    CollectError('news: 503, did not answer as it should; asked again at the next poll')
    """
    said = f" ({one_line(detail)})" if one_line(detail) else ""
    if status == _TOO_MANY:
        return RateLimited(platform, f"429, asks for patience{said}", retry_after_seconds=retry_after_seconds)
    if status in _NEEDS_A_PERSON:
        return Refused(platform, f"{status}, {_NEEDS_A_PERSON[status]}{said}", remedy=remedy)
    hint = "check its address, " if status in _ELSEWHERE else ""
    return CollectError(platform, f"{status}, did not answer as it should{said}; {hint}asked again at the next poll")


def unreachable(platform: str, place: str, error: Exception) -> CollectError:
    """Return the error of a request that got no answer at all: refused connection, time-out, a name nobody knows."""
    return CollectError(
        platform,
        f"{place} cannot be reached ({type(error).__name__}); check base_url and the network, asked again at the next "
        "poll",
    )


def one_line(text: str) -> str:
    r"""Return a stranger's text as one printable line of bounded length.

    >>> one_line("no\n\x1b[31m such\u202e user")
    'no [31m such user'
    """
    printable = "".join(each if each.isprintable() else " " for each in text[: 4 * _LONGEST_DETAIL])
    return " ".join(printable.split())[:_LONGEST_DETAIL]


def hide_secrets(text: str, secrets: Mapping[str, str]) -> str:
    """Return `text` with every secret replaced by the name of its variable.

    >>> hide_secrets("GET /v3?key=s3cret", {"YOUTUBE_KEY": "s3cret"})
    'GET /v3?key=<YOUTUBE_KEY>'
    """
    for name, value in secrets.items():
        if len(value) >= _SHORTEST_SECRET:
            text = text.replace(value, f"<{name}>")
    return text
