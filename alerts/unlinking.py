r"""Keeps programs from making links and mentions of a stranger's words on their own.

Mail readers, chats and terminals turn a bare `evil.test`, an address in numbers or `@everyone` into something live
without any markup. Used by `cleaning.defang` for every text of a stranger, and again by sinks right before their own
escaping. Pure; never changes our own links.

A dot is taken apart where a letter, digit or sign stands before it and two letters behind it, for two letters are the
shortest ending a host has. So "e.g.", "U.S.", "3.5", "v1.2.3", "2.0.rc1" and "wait...what" stay. "end.Next", "St.Pauli"
and "report.pdf" do not: nobody can tell them from "evil.Com", "st.pauli" and "evil.zip", and they read as well. An
ideographic full stop is one of these dots except behind East Asian letters, where it ends every sentence.
"""

import re

ZERO_WIDTH_SPACE = "\u200b"

# Foreign letters, marks and emoji stand in host names, too; not so blanks and quotation marks.
_FOREIGN = "\u00c0-\u1fff\u2070-\u2fff\u3040-\ufe4f\uff10-\uff60\uff65-\U0010ffff"
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_ENDING = f"[xX][nN]--|[^\\W\\d_](?:[^\\W\\d_]|[{_FOREIGN}])"
# "2.0.rc1" is a version: no ending of a host has a digit, and nobody owns ".rc", ".alpha" or ".beta".
_VERSION = "(?:rc|alpha|beta|(?:rc|alpha|beta|dev|post|pre)\\d+)(?![\\w.-]*[\\w-])"
# The dot first, then what stands before it: so most of a text is passed over quickly.
_BARE_DOT = re.compile(
    f"(?:[.\u2024\ufe52\uff0e]|[\u3002\uff61](?<![{_EAST_ASIAN}].))(?<=[\\w\\-{_FOREIGN}].)"
    f"(?=(?:{_ENDING}))(?:(?<!\\d.)|(?!(?i:{_VERSION})))"
)
_NUMERIC_HOST = re.compile(r"\d+(?:\.\d+){3,}")
_SCHEME = re.compile(r"\b(mailto|tel|sms|facetime|skype|magnet|javascript):", re.IGNORECASE)  # that need no slashes
_AT = re.compile("[@\uff20\ufe6b]")


def unlink(text: str) -> str:
    """Return one cleaned line in which nothing is left that a program would link without being asked.

    Doing it again changes nothing.
    >>> unlink("go to evil.test/a or 10.0.0.1, 3.5 times the usual")
    'go to evil[.]test/a or 10[.]0[.]0[.]1, 3.5 times the usual'
    >>> unlink("e.g. the U.S. got 2.0.rc1. That is all.They lie")
    'e.g. the U.S. got 2.0.rc1. That is all[.]They lie'
    """
    without_names = _BARE_DOT.sub("[.]", _SCHEME.sub(r"\1[:]", text))
    return _NUMERIC_HOST.sub(lambda match: match[0].replace(".", "[.]"), without_names)


def unmention(text: str) -> str:
    r"""Return one cleaned line in which no `@name` calls anybody: nothing visible is changed.

    >>> unmention("hey @everyone")
    'hey @\u200beveryone'
    """
    return _AT.sub(f"@{ZERO_WIDTH_SPACE}", text)
