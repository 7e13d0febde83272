"""How well languages are told apart: `python -m benchmarks.languages --data DIR`.

DIR holds xed_val.csv.gz (film subtitles, columns text and lang) and umsab_val.csv.gz (the same of posts), UTF-8. Each
text is read alone, by each package that is installed, restricted to the configured languages; subtitles also by their
first one and two words. Prints, for each package and set, which share is named rightly, which share is sure, how many
of those are right, and the speed. Never trains, never keeps a text. Ends with 1 if the files are not there or if the
package that Stormcone would use names fewer than nine tenths of the subtitles rightly.
"""

import csv
import gzip
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.cleaning import for_scoring
from analysis.identify import installed_identifiers
from analysis.language import DEFAULT_LANGUAGES, LanguageReader
from benchmarks.tables import new_parser, show, show_json
from stormcone.models import NOTHING_KNOWN, Confidence, Mention

FLOOR = 0.9  # of the subtitles, named rightly; .975 was measured
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_SUBTITLES, _POSTS = "xed_val.csv.gz", "umsab_val.csv.gz"
_PLACEHOLDER = "[PERSON]"  # stands in English subtitles only, and would give them away
_ROMANISED = frozenset({"hi"})  # written in Latin letters in this set, which no package knows

Labelled = tuple[str, str]  # cleaned text, language


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one package did on one set; shares 0..1, texts per second of processor time."""

    package: str
    texts: str
    count: int
    right: float
    sure: float
    right_of_sure: float
    per_second: float
    by_language: dict[str, float]


def load(folder: Path) -> dict[str, list[Labelled]]:
    """Return the sets by what they are. Raises: FileNotFoundError: a file is not there."""
    subtitles = list(_read(folder / _SUBTITLES))
    posts = list(_read(folder / _POSTS))
    return {
        "subtitles": subtitles,
        "first two words": [(" ".join(text.split()[:2]), lang) for text, lang in subtitles],
        "first word": [(" ".join(text.split()[:1]), lang) for text, lang in subtitles],
        "posts, configured": [pair for pair in posts if pair[1] in DEFAULT_LANGUAGES],
        "posts, not configured": [pair for pair in posts if pair[1] not in {*DEFAULT_LANGUAGES, *_ROMANISED}],
    }


def _read(path: Path) -> Iterator[Labelled]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield for_scoring(row["text"].replace(_PLACEHOLDER, "Anna")), row["lang"]


def measure(reader: LanguageReader, name: str, labelled: Sequence[Labelled]) -> Told:
    """Let `reader` read every text alone: no tag, no author, no thread."""
    mentions = [_mention(number, text) for number, (text, _) in enumerate(labelled)]
    texts = [text for text, _ in labelled]
    started = time.process_time()
    readings = reader.read(mentions, texts, NOTHING_KNOWN)
    seconds = time.process_time() - started
    right: dict[str, list[bool]] = defaultdict(list)
    for reading, (_, lang) in zip(readings, labelled, strict=True):
        right[lang].append(reading.lang == lang)
    sure = [
        reading.lang == lang
        for reading, (_, lang) in zip(readings, labelled, strict=True)
        if reading.confidence is Confidence.NORMAL
    ]
    return Told(
        package=reader.package,
        texts=name,
        count=len(labelled),
        right=_share([hit for hits in right.values() for hit in hits]),
        sure=len(sure) / len(labelled),
        right_of_sure=_share(sure),
        per_second=len(labelled) / max(seconds, 1e-9),
        by_language={lang: _share(hits) for lang, hits in sorted(right.items())},
    )


def _mention(number: int, text: str) -> Mention:
    return Mention(platform="bench", id=str(number), brand="Brand", posted_at=_NOW, seen_at=_NOW, text=text)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = new_parser("Accuracy and speed of telling languages apart.")
    parser.add_argument("--data", type=Path, required=True, help=f"folder with {_SUBTITLES} and {_POSTS}")
    options = parser.parse_args()
    try:
        sets = load(options.data)
    except FileNotFoundError as missing:
        print(f"{missing.filename} is not there; --data must name a folder with {_SUBTITLES} and {_POSTS}")
        return 1
    results = [
        told
        for identifier in installed_identifiers(DEFAULT_LANGUAGES)
        for told in _rounds(LanguageReader(identifier=identifier), sets, options.rounds)
    ]
    _print(results)
    if options.json:
        show_json({"results": [asdict(told) for told in results], "floor": FLOOR})
    return 0 if results[0].right >= FLOOR else 1


def _rounds(reader: LanguageReader, sets: Mapping[str, Sequence[Labelled]], rounds: int) -> Iterator[Told]:
    """Yield the fastest round on each set; all figures but the speed are the same in every round."""
    for name, labelled in sets.items():
        yield max((measure(reader, name, labelled) for _ in range(rounds)), key=lambda told: told.per_second)


def _print(results: Sequence[Told]) -> None:
    rows = [
        (
            f"{told.package}: {told.texts}",
            f"{told.count:,}",
            f"{told.right:.3f}",
            f"{told.sure:.3f}",
            f"{told.right_of_sure:.3f}",
            f"{told.per_second:,.0f}",
        )
        for told in results
    ]
    show(
        "Languages told from the text alone", ("package: texts", "texts", "right", "sure", "right of", "texts/s"), rows
    )
    for told in results:
        print(f"{told.package}: {told.texts}:", *(f"{lang} {share:.2f}" for lang, share in told.by_language.items()))


if __name__ == "__main__":
    sys.exit(main())
