"""The scorer: which language a text is in, whom it speaks for, how hostile it is, and how far that can be trusted.

Third step of analysis, after cleaning: wires language, polarity and hostility; its scores feed votes, rollups and every
screen. Unread is a named state (Confidence.NONE), never a neutral text. Never looks at who wrote beyond the language
they use, never raises on a text.
"""

import zlib
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import numpy as np

from analysis.cleaning import for_scoring
from analysis.cues import CueGroup, CueHits
from analysis.hostility import HostilityReader
from analysis.language import DEFAULT_LANGUAGES, LanguageReader, LanguageReading
from analysis.scoring.english import EnglishModel
from analysis.scoring.linear import UNREAD, Floats
from analysis.scoring.multilingual import LANGUAGES, RELIABLE, MultilingualModel
from analysis.scoring.ngrams import Features, features_of
from analysis.scoring.tone import LANGUAGES as TONE_LANGUAGES
from analysis.scoring.tone import WORDING, Impression, ToneModel
from analysis.scoring.vader import VaderReader
from stormcone.models import HOSTILE, NOTHING_KNOWN, Confidence, Mention, Place, Scores, Surroundings

ENGLISH: Final = "en"

_METHOD: Final = 1  # counts up whenever code changes what is said of a text; data files count by themselves
_DATA: Final = (("analysis.scoring", "weights"), ("analysis.scoring", "lexica"), ("analysis", "cue_tables"))
_LINKS: Final = ("http", "www.")


class LinearScorer:
    """Scores texts with linear models, word lists and cue tables; the same batch and surroundings give the same scores.

    Args: languages: that are read; a text in another one is never given to a model. hostility: reader of cues, shared
        with whoever explains them.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> mention = Mention(platform="x", id="1", brand="acme", posted_at=at, seen_at=at, text="Delete this. Now.")
    >>> scores = LinearScorer().score([mention])[0]
    >>> scores.cues, scores.compound, scores.p_against >= 0.5
    (('delete this',), 0.0, True)
    """

    def __init__(
        self, languages: Sequence[str] = DEFAULT_LANGUAGES, *, hostility: HostilityReader | None = None
    ) -> None:
        default = ENGLISH if ENGLISH in languages else None
        self._languages = LanguageReader(languages, default=default)
        self._hostility = hostility or HostilityReader.load(languages)
        self._foreign = frozenset(LANGUAGES) & frozenset(languages)
        self._vader = VaderReader()
        self._english = EnglishModel()
        self._multilingual = MultilingualModel()
        self._tone = ToneModel()
        self.name = f"linear-{_METHOD}-{_fingerprint():08x}-{self._languages.package}"

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        """Return one Scores for each mention, in order.

        Args: around: the posts that are answered and the languages of their authors, as far as they are known.
        """
        texts = [for_scoring(mention.text) for mention in mentions]
        spoken = self._languages.read(mentions, texts, around)
        shares = np.tile(np.array(UNREAD), (len(texts), 1))
        compounds: list[float | None] = [None] * len(texts)
        groups = list(_grouped(texts, spoken, self._foreign))
        for group in groups:
            self._read(group, shares, compounds)
        rows = zip(mentions, texts, spoken, shares.tolist(), strict=True)
        posts = {place: for_scoring(post.text) for place, post in around.posts.items()}
        hits = [self._hits(*row, posts.get(_answered(row[0]))) for row in rows]
        hostility = self._hostile(groups, hits, shares)
        everything = zip(texts, spoken, shares.tolist(), compounds, hits, hostility, strict=True)
        return [self._scores(*each) for each in everything]

    def _read(self, group: "_Group", shares: Floats, compounds: list[float | None]) -> None:
        """Fill in the polarity of a group of texts."""
        if not group.is_english:
            shares[group.places] = self._multilingual.probabilities(group.features, group.texts, group.languages)
            return
        readings = [self._vader.read(text) for text in group.texts]
        shares[group.places] = self._english.probabilities(group.features, group.texts, readings)
        for place, language, reading in zip(group.places, group.languages, readings, strict=True):
            compounds[place] = reading.compound if language == ENGLISH else None

    def _hits(
        self,
        mention: Mention,
        text: str,
        language: LanguageReading,
        shares: Sequence[float],
        post_text: str | None,
    ) -> CueHits:
        return self._hostility.read(
            text,
            language=language.lang,
            p_negative=shares[0],
            p_positive=shares[2],
            is_reply=mention.thread_id is not None,
            has_link=any(link in mention.text for link in _LINKS),
            post_text=post_text,
        )

    def _hostile(self, groups: Sequence["_Group"], hits: Sequence[CueHits], shares: Floats) -> list[float]:
        """Return the hostility of each text: by its tone where there is a model, by its cues elsewhere."""
        hostility = [each.hostility for each in hits]
        for group in groups:
            impressions = [
                Impression(cues=hits[place].hostility, negative=shares[place, 0], positive=shares[place, 2])
                for place in group.places
            ]
            tones = self._tone.hostile(group.features, group.texts, impressions).tolist()
            for place, language, tone in zip(group.places, group.languages, tones, strict=True):
                if language in TONE_LANGUAGES and CueGroup.THREAT not in hits[place].groups:
                    hostility[place] = tone
        return hostility

    def _scores(
        self,
        text: str,
        language: LanguageReading,
        shares: Sequence[float],
        compound: float | None,
        hits: CueHits,
        hostility: float,
    ) -> Scores:
        negative, neutral, positive = shares
        is_by_tone = hostility >= HOSTILE and not hits.names
        return Scores(
            p_negative=negative,
            p_neutral=neutral,
            p_positive=positive,
            compound=compound,
            hostility=hostility,
            cues=(WORDING,) if is_by_tone else hits.names,
            lang=language.lang,
            scorer=self.name,
            confidence=self._confidence(text, language),
        )

    def _confidence(self, text: str, language: LanguageReading) -> Confidence:
        if not text:
            return Confidence.NONE
        if language.lang == ENGLISH or (language.lang in RELIABLE and language.lang in self._foreign):
            return language.confidence
        return Confidence.LOW if language.lang in self._foreign or _is_wordless(text) else Confidence.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The texts of a batch that one model of polarity reads. places: theirs in the batch. languages: "" for none."""

    is_english: bool
    places: list[int]
    texts: list[str]
    languages: list[str]
    features: Features


def _grouped(texts: Sequence[str], spoken: Sequence[LanguageReading], foreign: AbstractSet[str]) -> Iterator[_Group]:
    """Yield what the English model reads, bare signs and emoji among it, and what the multilingual one does."""
    english, others = [], []
    for place, (text, language) in enumerate(zip(texts, spoken, strict=True)):
        if text and (language.lang == ENGLISH or _is_wordless(text)):
            english.append(place)
        elif text and language.lang in foreign:
            others.append(place)
    for is_english, places in ((True, english), (False, others)):
        if not places:
            continue
        chosen = [texts[place] for place in places]
        yield _Group(
            is_english=is_english,
            places=places,
            texts=chosen,
            languages=[spoken[place].lang or "" for place in places],
            features=features_of(chosen),
        )


def _answered(mention: Mention) -> Place:
    return mention.platform, mention.thread_id or ""


def _is_wordless(text: str) -> bool:
    return not any(map(str.isalpha, text))


@cache
def _fingerprint() -> int:
    """Return a number that changes with any data file, so that scores made with other data are known as such."""
    found = 0
    for package, folder in _DATA:
        for file in sorted(_files(resources.files(package) / folder), key=lambda each: each.name):
            found = zlib.crc32(file.read_bytes(), found)
    return found


def _files(folder: Traversable) -> Iterator[Traversable]:
    return (each for each in folder.iterdir() if each.name.endswith((".npz", ".tsv", ".toml")))
