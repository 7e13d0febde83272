"""What every cue table must be, whatever its language, and how well it tells foes from friends."""

from collections import Counter
from itertools import product

from analysis.cleaning import for_scoring
from analysis.cue_files import Cue, Friend, TableFile, read_table
from analysis.hostility import HostilityReader
from analysis.phrases import fold_accents


def rows_of(table: TableFile) -> list[Cue | Friend]:
    """Return every row of a table, cues and friends."""
    return [*table.cues, *table.friends]


def hostility(reader: HostilityReader, text: str, language: str) -> float:
    """Return the hostility that the tables alone give: the model of polarity sees the same in every text."""
    return reader.read(
        for_scoring(text),
        language=language,
        p_negative=0.3,
        p_positive=0.3,
        is_reply=True,
        has_link=False,
        post_text=None,
    ).hostility


def auc(above: list[float], below: list[float]) -> float:
    """Return how often one of `above` is larger than one of `below`; a tie counts half."""
    won = sum((a > b) + (a == b) / 2 for a, b in product(above, below))
    return won / (len(above) * len(below))


def refuse_doubles(table: TableFile) -> None:
    """No phrase, and no name, stands twice: nor without accents, where the table folds them."""
    fold = fold_accents if table.fold_accents else str
    rows = rows_of(table)
    phrases = Counter(fold(phrase) for row in rows for phrase in row.phrases)
    alone = Counter(fold(text) for row in rows for text in row.alone)
    names = Counter(row.name for row in rows)
    assert [each for counted in (phrases, alone, names) for each, times in counted.items() if times > 1] == []


def refuse_unreadable(table: TableFile) -> None:
    """Phrases are written as the search reads them."""
    for row in rows_of(table):
        for phrase in (*row.phrases, *row.alone):
            assert phrase == phrase.casefold().strip()
            assert "  " not in phrase
            assert all("*" not in word[:-1] for word in phrase.split()), phrase


def refuse_names_of_its_own(table: TableFile, *, shared_names: int) -> None:
    """Names are those of the English table, and mean the same group there."""
    english = {cue.name: cue.group for cue in read_table("en").cues}
    own = {cue.name: cue.group for cue in table.cues}
    shared = english.keys() & own.keys()
    assert len(shared) >= shared_names
    assert {name for name in shared if english[name] is not own[name]} == set()
