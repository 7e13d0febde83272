"""Three replies that show what it is about: typical, different, and never the vilest."""

from dataclasses import replace

import pytest

from analysis.cue_files import CueGroup, read_table
from analysis.exemplars import VILE_CUES, exemplars
from stormcone.models import ScoredMention, Topic
from tests.fakes import make_mention, make_own_post, make_scored

BOOKS = Topic(phrase="school books", z=4.0, count=9)
TEACHERS = Topic(phrase="teachers", z=3.0, count=6)
FOUND = (BOOKS, TEACHERS)


def said(identifier: str, text: str, *, cues: tuple[str, ...] = ("contempt",), **changes: object) -> ScoredMention:
    scored = make_scored(make_mention(identifier, text=text, **{"author": f"author {identifier}"} | changes))
    return replace(scored, scores=replace(scored.scores, cues=cues))


def chosen(mentions: list[ScoredMention], most: int = 3) -> list[str]:
    return [each.mention_id for each in exemplars(mentions, FOUND, most=most)]


def test_the_one_that_says_most_comes_first_and_the_next_says_what_is_left() -> None:
    mentions = [
        said("1", "you pulped all the school books, shame"),
        said("2", "nobody asked the teachers about any of this"),
        said("3", "school books pulped and the teachers laughed at, wow"),
        said("4", "what a truly bad day for everyone"),
    ]
    assert chosen(mentions) == ["3", "1", "2"]


def test_exemplar_tells_its_phrases_and_reach() -> None:
    mentions = [said("1", "where are the teachers and the school books", author_followers=1200)]
    (only,) = exemplars(mentions, FOUND)
    assert (only.phrases, only.reach) == (("school books", "teachers"), 1200)


def test_near_copies_are_one() -> None:
    mentions = [
        said("1", "you pulped the school books of poor kids"),
        said("2", "you pulped the school books of poor kids!!! wow"),
        said("3", "libraries would have taken every box of school books gladly"),
    ]
    assert chosen(mentions) == ["1", "3"]


def test_an_author_speaks_once_and_nameless_ones_are_different_people() -> None:
    texts = ("you pulped the school books", "shelves empty, school books gone", "no more school books here thanks")
    assert len(chosen([said(str(n), text, author="one") for n, text in enumerate(texts)])) == 1
    assert len(chosen([said(str(n), text, author=None) for n, text in enumerate(texts)])) == 3


@pytest.mark.parametrize("cue", sorted(VILE_CUES))
def test_vile_replies_are_left_out_however_typical(cue: str) -> None:
    assert chosen([said("1", "school books and teachers, i know where you live", cues=("contempt", cue))]) == []


def test_every_cue_of_threat_in_every_table_is_vile() -> None:
    cues = [cue for lang in ("en", "de", "es", "fr", "it", "pt", "hu", "fi") for cue in read_table(lang).cues]
    assert {cue.name for cue in cues if cue.group is CueGroup.THREAT} <= VILE_CUES


@pytest.mark.parametrize("fact", ["jo.doe@example.org", "+44 555 0123 456", "(555) 012-3456"])
def test_private_facts_are_left_out(fact: str) -> None:
    assert chosen([said("1", f"ask the boss about school books at {fact} now")]) == []


def test_friends_own_posts_copies_and_shouts_are_passed_over() -> None:
    text = "the school books for teachers are here"
    friendly = make_scored(make_mention("1", text=text, author="a"), hostility=0.125)
    own = make_scored(make_own_post("2", text=text))
    copy = make_scored(make_mention("3", text=text, author="c"), is_copy=True)
    assert chosen([friendly, own, copy, said("4", "school books!!!")]) == []


def test_a_readable_reply_is_preferred_to_a_wall_of_text() -> None:
    wall = "school books " + " ".join(f"word{number}" for number in range(90))
    mentions = [said("1", wall, likes=900), said("2", "where did the school books go then")]
    assert chosen(mentions, most=1) == ["2"]


def test_without_topics_the_most_liked_is_shown() -> None:
    mentions = [said("1", "this was a bad idea"), said("2", "nobody wanted any such thing", likes=40)]
    assert [each.mention_id for each in exemplars(mentions, (), most=1)] == ["2"]


@pytest.mark.parametrize("text", ["\x00" * 99, "\ud800 school books are gone now", "😡" * 10_000, "x " * 500_000])
def test_hostile_texts_are_answered(text: str) -> None:
    assert len(exemplars([said("1", text)], FOUND)) <= 1
