"""Makes a stranger's text inert on a screen: the only two ways in which such a text reaches Markdown or HTML.

Cells of st.dataframe, st.text and st.code show text as it is; for them `plain` cleans and nothing is escaped. Never
judges a text. Streamlit's Markdown fetches `![](http://...)`, renders `$...$`, `:red[...]` and `:material/...:`, and
makes links of bare addresses; none of that may happen with words that somebody else wrote.
"""

import html
import re

from alerts.cleaning import clean_for_sink, quote

TEXT_CHARS = 280
NAME_CHARS = 80
TAG_CHARS = 12

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&])")
# `:name:` becomes an icon and `a@b.c` a link even where they are escaped; a time such as 13:26 stays as it is.
_JOINS = re.compile(r":(?=[A-Za-z_/+-])|:(?=\w+:)|@(?=\S)")
_WORD_JOINER = "\u2060"


def plain(text: str, *, max_chars: int = TEXT_CHARS) -> str:
    r"""Return `text` as one clean line for a sink that renders no markup (table cells, st.text, st.code).

    >>> plain("so\x00 angry\u202e!")
    'so angry!'
    """
    return clean_for_sink(text, max_chars=max_chars)


def lang_tag(lang: str | None) -> str:
    """Return the language of a tag as a platform wrote it, empty where there is none.

    >>> lang_tag("hu-HU"), lang_tag("PT_br"), lang_tag(None)
    ('hu', 'pt', '')
    """
    return plain(lang or "", max_chars=TAG_CHARS).lower().replace("_", "-").partition("-")[0]


def for_markdown(text: str, *, max_chars: int = TEXT_CHARS) -> str:
    r"""Return `text` cleaned, with addresses defanged and every character of Markdown made a letter.

    >>> for_markdown("![](http://evil.test/x)")
    '\\!\\[\\]\\(hxxp:\u2060//evil\\[\\.\\]test/x\\)'
    >>> for_markdown("at 13:26")
    'at 13:26'
    >>> for_markdown(":red[$x$]")
    ':\u2060red\\[\\$x\\$\\]'
    """
    escaped = _MARKUP.sub(r"\\\1", quote(text, max_chars=max_chars))
    return _JOINS.sub(rf"\g<0>{_WORD_JOINER}", escaped)


def for_html(text: str, *, max_chars: int = TEXT_CHARS) -> str:
    """Return `text` cleaned, defanged and escaped for st.html.

    >>> for_html('<img src="x">')
    '&lt;img src=&quot;x&quot;&gt;'
    """
    return html.escape(quote(text, max_chars=max_chars))


def safe_address(url: str | None) -> str | None:
    """Return an address that may become a link, None for anything but plain http(s).

    >>> safe_address("javascript:alert(1)") is None
    True
    >>> safe_address("https://social.test/p/1")
    'https://social.test/p/1'
    """
    if url is None or not re.fullmatch(r"https?://[^\s<>\"'`\\]{1,500}", url):
        return None
    return url
