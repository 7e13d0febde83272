"""The pool of common words: shares that look like those of real speech."""

from analysis.common_words import UNHEARD_SHARE, common_shares


def test_shares_are_shares_above_that_of_an_unheard_word() -> None:
    shares = common_shares()
    assert len(shares) > 600
    assert all(UNHEARD_SHARE < share < 0.5 for share in shares.values())


def test_words_are_written_as_texts_are_read() -> None:
    assert all(word == word.lower() and " " not in word for word in common_shares())


def test_a_word_of_two_languages_has_the_share_of_the_one_where_it_is_commoner() -> None:
    shares = common_shares()
    assert shares["que"] == max(shares.values())
    assert shares["the"] == shares["die"]
