r"""Keeps chat programs from making links and mentions of a stranger's words on their own.

Many programs turn a bare `evil.test`, an address in numbers or `@everyone` into something live without any markup. Used
by every sink that is read in such a program, after `cleaning` (which takes care of full web addresses) and before the
sink's own escaping. Pure; never changes our own links.
"""

import re

ZERO_WIDTH_SPACE = "\u200b"

# A dot between a name and what may be a top-level domain; "3.5" and "e.g." stay as they are.
_BARE_DOT = re.compile(r"(?<=[\w-])[.\u3002\uff0e\uff61](?=(?:xn--)?[^\W\d_]{2,})")
_NUMERIC_HOST = re.compile(r"\d+(?:\.\d+){3,}")
_SCHEME = re.compile(r"\b(mailto|tel|sms|facetime|skype|magnet|javascript):", re.IGNORECASE)  # that need no slashes
_AT = re.compile("[@\uff20\ufe6b]")


def unlink(text: str) -> str:
    """Return one cleaned line in which nothing is left that a program would link without being asked.

    >>> unlink("go to evil.test/a or 10.0.0.1, 3.5 times the usual")
    'go to evil[.]test/a or 10[.]0[.]0[.]1, 3.5 times the usual'
    """
    without_names = _BARE_DOT.sub("[.]", _SCHEME.sub(r"\1[:]", text))
    return _NUMERIC_HOST.sub(lambda match: match[0].replace(".", "[.]"), without_names)


def unmention(text: str) -> str:
    r"""Return one cleaned line in which no `@name` calls anybody: nothing visible is changed.

    >>> unmention("hey @everyone")
    'hey @\u200beveryone'
    """
    return _AT.sub(f"@{ZERO_WIDTH_SPACE}", text)
