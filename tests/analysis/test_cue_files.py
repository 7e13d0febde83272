"""The files of phrases: what stands in them is what is read, and a wrong row is named."""

import pytest

from analysis.cue_files import EVERY_LANGUAGE, CueGroup, primary, read_table, table_path
from stormcone.errors import ConfigError


def test_english_table_is_read_with_its_lists() -> None:
    table = read_table("en")
    assert "never" in table.taken_back
    assert "the" in table.fillers
    assert {"amazing", "bravo"} <= table.praise
    assert {"you", "your"} <= table.addressed
    assert not table.fold_accents
    assert {cue.group for cue in table.cues} == set(CueGroup)


def test_about_sixty_emoji_are_judged() -> None:
    table = read_table(EVERY_LANGUAGE)
    judged = [symbol for row in (*table.cues, *table.friends) for symbol in row.emoji]
    assert len(judged) == len(set(judged)) >= 60


def test_words_of_the_lists_are_single_and_lower_case() -> None:
    table = read_table("en")
    for words in (table.praise, table.addressed, table.virtues, table.first_person, table.negations):
        assert all(word == word.casefold() and " " not in word for word in words)


def test_unknown_language_is_a_clear_error() -> None:
    with pytest.raises(ConfigError, match="xx"):
        read_table("xx")


def test_language_cannot_lead_out_of_the_folder() -> None:
    assert ".." not in str(table_path("../../secret"))


@pytest.mark.parametrize(("code", "expected"), [("de_AT", "de"), ("", ""), ("HU", "hu")])
def test_primary_part_of_a_code(code: str, expected: str) -> None:
    assert primary(code) == expected
