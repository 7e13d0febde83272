"""What was found in and around a draft, under the names that rules.toml uses.

Between the finders (terms, signs, days, room) and the rules. Records only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.draft_check.terms import Hit

_MOST: Final = 12  # of one concept that rules look at
_QUOTED: Final = 48  # characters of a draft in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found. words: shown in sentences. span, first, last: None where it is not a place in the draft."""

    words: str
    span: tuple[int, int] | None = None
    first: int | None = None
    last: int | None = None

    def overlaps(self, other: "Finding") -> bool:
        """Tell whether both are the same words of the draft."""
        if self.span is None or other.span is None:
            return False
        return self.span[0] < other.span[1] and other.span[0] < self.span[1]


class Findings:
    """All findings of one draft.

    >>> findings = Findings()
    >>> findings.add("role:executive", Finding(words="executive"))
    >>> [each.words for each in findings["role:executive"]], "role:support" in findings
    (['executive'], False)
    """

    def __init__(self) -> None:
        self._found: defaultdict[str, list[Finding]] = defaultdict(list)

    def add(self, concept: str, finding: Finding) -> None:
        """Add one; after a dozen of a concept more are dropped."""
        if len(self._found[concept]) < _MOST:
            self._found[concept].append(finding)

    def add_hits(self, given: str, hits: Iterable[Hit], concept: str | None = None) -> None:
        """Add hits, each under its own concept or all under `concept`."""
        for hit in hits:
            self.add(concept or hit.concept, finding_of(given, hit))

    def __contains__(self, concept: str) -> bool:
        return bool(self._found.get(concept))

    def __getitem__(self, concept: str) -> list[Finding]:
        return self._found.get(concept, [])

    def __iter__(self) -> Iterator[str]:
        return (concept for concept, found in self._found.items() if found)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each concept."""
        return {concept: len(found) for concept, found in self._found.items()}


def finding_of(given: str, hit: Hit) -> Finding:
    """Return the finding that a hit in a draft is."""
    return Finding(words=quoted(given[hit.start : hit.end]), span=(hit.start, hit.end), first=hit.first, last=hit.last)


def quoted(text: str) -> str:
    r"""Return words of a draft as they may stand in a sentence: on one line, printable, not long.

    >>> quoted("a\u202eb\n c")
    'ab c'
    """
    seen = "".join(sign for sign in " ".join(text[: 4 * _QUOTED].split()) if sign.isprintable())
    return seen if len(seen) <= _QUOTED else seen[: _QUOTED - 1].rstrip() + "…"
