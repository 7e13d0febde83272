"""What a case of the casebook is: an earlier storm, with its sources, its reported facts and its coded ones.

Read from files by the casebook, compared by the precedents. Records only; reads no file and judges nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from stormcone.models import Action, Avoid, Facts


class SourceKind(StrEnum):
    """What sort of publication a source is."""

    NEWS = "news"
    TRADE = "trade"  # the press of an industry, of technology or of marketing
    STUDY = "study"
    STATEMENT = "statement"  # words of those concerned, at their own place
    BLOG = "blog"
    REFERENCE = "reference"  # fact checkers, encyclopaedias, collections
    DOCUMENT = "document"  # the two documents that stand behind this project; they have no address


class Judged(StrEnum):
    """How a source judges what was done; where none does it stays unknown."""

    GOOD = "good"
    BAD = "bad"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One publication that was looked up. date: of publication, to the day where known, or `undated`."""

    name: str
    kind: SourceKind
    publication: str
    date: str
    title: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A part of the story in our own words, with the names of the sources that report it."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A judgement of what was done, made by the sources named."""

    judged: Judged
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFact:
    """The key of a fact that sources report, and their names."""

    key: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One earlier storm.

    facts: reported and coded ones together, in the words of advice; measurements are never among them. reported: which
    of them a source reports. coded: the keys of those that are our own coding. did: what was done, in the words of
    advice. besides: what was done that advice warns of. platforms: those the sources name, which need not be all.
    outcome, practice: None where no source tells.
    """

    id: str
    year: int
    brand: str
    country: str
    title: str
    happened: Told
    done: Told
    lesson: str
    did: tuple[Action, ...]
    sources: tuple[Source, ...]
    facts: Facts
    reported: tuple[ReportedFact, ...]
    coded: tuple[str, ...]
    besides: tuple[Avoid, ...] = ()
    platforms: tuple[str, ...] = ()
    outcome: Told | None = None
    practice: Practice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casebook:
    """All cases, ordered by id."""

    cases: tuple[Case, ...]

    def case(self, case_id: str) -> Case:
        """Return the case of that id. Raises: KeyError: there is none."""
        for each in self.cases:
            if each.id == case_id:
                return each
        raise KeyError(case_id)
