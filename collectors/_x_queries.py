"""Search queries as X reads them: a brand's keywords and hashtags, and the threads of own posts.

Pure; asked by the walks of collectors/x.py. Every query fits the 512 characters that X allows on every plan.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from stormcone.ports import WatchedBrand

LONGEST_QUERY: Final = 512
_NO_REPOSTS: Final = " -is:retweet"


def brand_queries(brand: WatchedBrand) -> tuple[str, ...]:
    """Return the queries that find a brand by its keywords and hashtags; as few as hold them all.

    >>> brand_queries(WatchedBrand(name="Acme", keywords=("acme", "acme tools"), hashtags=("#AcmeDay",)))
    ('(acme OR "acme tools" OR #AcmeDay) -is:retweet',)
    """
    return _packed(_terms(brand))


def volume_query(brand: WatchedBrand) -> str | None:
    """Return the one query whose posts are counted: handles first, then keywords, as many as fit. None: nothing named.

    >>> from stormcone.ports import WatchedAccount
    >>> volume_query(WatchedBrand(name="Acme", keywords=("acme",), accounts=(WatchedAccount(handle="acme"),)))
    '(@acme OR acme) -is:retweet'
    """
    queries = _packed([*(f"@{handle}" for handle in brand.handles), *_terms(brand)])
    return queries[0] if queries else None


def handle_query(handle: str) -> str:
    """Return the query for posts that name an account, for those its mentions timeline has dropped already."""
    return f"@{handle}{_NO_REPOSTS}"


def thread_terms(root_id: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Return the terms for the answers to an own post and for the quotes of each of its versions."""
    return (f"conversation_id:{root_id}", *(f"quotes_of_tweet_id:{version}" for version in versions))


def thread_query(terms: Iterable[str]) -> str:
    """Return the query for some threads; the caller sees to it that `fits` says so."""
    return f"({' OR '.join(terms)}){_NO_REPOSTS}"


def fits(terms: Sequence[str]) -> bool:
    """Tell whether X takes these terms in one query."""
    return len(thread_query(terms)) <= LONGEST_QUERY


def unsearchable(brand: WatchedBrand) -> tuple[str, ...]:
    """Return the words of a brand that no query can hold."""
    return tuple(term for term in _terms(brand) if not fits([term]))


def _terms(brand: WatchedBrand) -> list[str]:
    keywords = [_quoted(" ".join(keyword.replace('"', " ").split())) for keyword in brand.keywords]
    hashtags = [f"#{bare}" for tag in brand.hashtags if _is_word(bare := tag.removeprefix("#"))]
    return list(dict.fromkeys(term for term in [*keywords, *hashtags] if term))


def _quoted(keyword: str) -> str:
    """Return a keyword so that X reads no operator in it."""
    is_plain = keyword.isalnum() and keyword.lower() not in {"or", "and"}
    return keyword if is_plain or not keyword else f'"{keyword}"'


def _is_word(tag: str) -> bool:
    return bool(tag) and tag.replace("_", "a").isalnum()


def _packed(terms: Iterable[str]) -> tuple[str, ...]:
    packs: list[list[str]] = []
    for term in terms:
        if not fits([term]):
            continue
        if packs and fits([*packs[-1], term]):
            packs[-1].append(term)
        else:
            packs.append([term])
    return tuple(thread_query(pack) for pack in packs)
