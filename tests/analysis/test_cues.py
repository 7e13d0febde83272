"""Cues: the phrases of backlash are found by name, friendly uses are not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import for_scoring
from analysis.cue_files import EVERY_LANGUAGE, read_table
from analysis.cues import Cue, CueGroup, CueTable, CueTables, Friend, TableFile
from stormcone.errors import ConfigError

ENGLISH = CueTable.load("en")
ROWS = (*read_table("en").cues, *read_table(EVERY_LANGUAGE).cues)


def table_of(*cues: Cue, **more: Any) -> CueTable:
    return CueTable(TableFile(cues=cues, **more))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Delete this. Now.", "delete this"),
        ("how about you delete-this", "delete this"),
        ("#DeleteThis", "delete this"),
        ("delete your account", "delete your account"),
        ("wow. just wow. who approved this", "who approved this"),
        ("Imagine posting about cake today", "imagine posting"),
        ("Maybe read the room?", "read the room"),
        ("you can't even read the room", "read the room"),
        ("so tone-deaf it hurts", "tone deaf"),
        ("this aged like milk", "aged like milk"),
        ("You owe everyone an apology.", "apologise"),
        ("Where\u2019s the apology?", "apologise"),
        ("the ceo must go", "resign"),
        ("please fire whoever wrote this", "fire whoever"),
        ("#boycottacme", "boycott"),
        ("never buying anything here", "boycott"),
        ("ratio", "ratio"),
        ("L + ratio", "ratio"),
        ("RATIO 💀", "ratio"),
        ("do better.", "do better"),
        ("Shame on you", "shameful"),
        ("what a disgrace", "shameful"),
        ("you have blood on your hands", "blood on your hands"),
        ("children died yesterday", "victims"),
        ("I know where you live", "threat"),
        ("we will post his home address", "doxxing"),
        ("nice photo 🙃", "sarcastic smile"),
        ("great 🤡", "clown emoji"),
        ("the site is down since nine", "outage"),
        ("cant log in again", "cannot log in"),
        ("on hold for two hours", "no answer"),
        ("I want a refund", "refund"),
        ("why not a refund?", "refund"),
    ],
)
def test_cue_is_found_by_name(text: str, name: str) -> None:
    assert name in ENGLISH.find(for_scoring(text)).names


@pytest.mark.parametrize(
    "text",
    [
        "I love this, what a lovely photo",
        "please don't delete this, it is wonderful",
        "how do I delete this old order?",
        "the ratio of milk to coffee is perfect",
        "I looked down the street and smiled",
        "sit down and enjoy",
        "this is not a scam, I checked",
        "you killed it on stage!",
        "whoever posted this deserves a raise",
        "a shameless plug for my bakery",
        "we will find you a better seat",
        "great customer service today",
        "I can't stop buying these shoes",
        "an orange clownfish",
        "😂😂😂",
        "",
    ],
)
def test_friendly_words_fire_little_or_nothing(text: str) -> None:
    assert ENGLISH.find(for_scoring(text)).hostility < 0.3


def test_hostility_of_several_cues_is_joint_and_below_one() -> None:
    table = table_of(
        Cue(name="a", group=CueGroup.DEMAND, weight=0.5, phrases=("go away",)),
        Cue(name="b", group=CueGroup.OUTRAGE, weight=0.6, phrases=("awful",), emoji="🤮"),
    )
    hits = table.find("awful, awful! go away 🤮")
    assert hits.names == ("a", "b")
    assert hits.hostility == pytest.approx(0.8)
    assert hits.groups == {CueGroup.DEMAND, CueGroup.OUTRAGE}


def test_everything_at_once_stays_within_one() -> None:
    assert 0.9 < ENGLISH.find("disgusting shameful boycott delete this kys dox 🤡🤮🖕").hostility <= 1.0


def test_trouble_with_the_product_is_named_but_hardly_hostile() -> None:
    hits = ENGLISH.find("app down, still waiting, cancelled flight, no refund, can't log in")
    assert hits.groups == {CueGroup.SERVICE}
    assert len(hits.names) == 5
    assert hits.hostility < 0.5


@pytest.mark.parametrize("text", ["delete this", "who approved this", "shame on you", "boycott", "you clowns"])
def test_a_clear_cue_alone_counts_as_hostile(text: str) -> None:
    assert ENGLISH.find(text).hostility >= 0.5


def test_every_phrase_of_the_table_fires_its_own_cue() -> None:
    for row in (*ROWS, *read_table("en").friends):
        found = (
            (lambda said: ENGLISH.signs(said).cues)
            if isinstance(row, Cue)
            else lambda said: ENGLISH.signs(said).friends
        )
        for phrase in row.phrases:
            said = for_scoring(f"so {phrase.replace(' * ', ' any ').replace('*', 'us').replace('…', 'one two')} ok")
            assert row.name in {each.name for each in found(said)}, phrase
        for said in (*row.alone, *row.emoji):
            assert row.name in {each.name for each in found(said)}, said


def test_no_phrase_and_no_name_stands_in_the_table_twice() -> None:
    said = [each for cue in ROWS for each in (*cue.phrases, *cue.emoji)]
    assert sorted({each for each in said if said.count(each) > 1}) == []
    assert len(said) > 3_000
    for language in ("en", EVERY_LANGUAGE):
        names = [cue.name for cue in read_table(language).cues]
        assert len(names) == len(set(names))


def test_one_name_in_two_rows_counts_once_with_the_heavier_weight() -> None:
    light = Cue(name="a", group=CueGroup.DEMAND, weight=0.2, phrases=("go",))
    heavy = Cue(name="a", group=CueGroup.DEMAND, weight=0.5, emoji="🤮")
    assert table_of(light, heavy).find("go 🤮") == table_of(heavy).find("🤮")
    assert table_of(light).find("go").hostility == pytest.approx(0.2)


def test_group_can_be_asked_by_the_name_a_score_carries() -> None:
    assert ENGLISH.group_of("outage") is CueGroup.SERVICE
    assert ENGLISH.group_of("no such cue") is None


_PIECES = [phrase for cue in ROWS for phrase in cue.phrases]


@given(st.lists(st.sampled_from([*_PIECES, "_", "'", "\u0345", "İ", "ß", "not "]) | st.text(max_size=5), max_size=12))
def test_any_mixture_of_phrases_and_noise_is_answered(pieces: list[str]) -> None:
    hits = ENGLISH.find("".join(pieces))
    assert 0.0 <= hits.hostility <= 1.0
    assert bool(hits.names) == bool(hits.groups)


def test_unknown_language_is_a_clear_error() -> None:
    with pytest.raises(ConfigError, match="xx"):
        CueTable.load("xx")


def test_weight_beyond_one_is_refused() -> None:
    with pytest.raises(ConfigError, match="cue shout: weight"):
        Cue(name="shout", group=CueGroup.DEMAND, weight=1.5, phrases=("hey",))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("imagine a brand while my house is on fire", True),
        ("imagine while", True),
        ("imagine one two three four five six while", True),
        ("imagine one two three four five six seven while", False),
        ("you owe people money", True),
        ("you owe money", False),
        ("bojkottáljuk!", True),
        ("bojkott", True),
        ("don't bojkott", False),
        ("don't you ever bojkott", False),
    ],
)
def test_gaps_words_and_endings_are_filled_as_the_table_says(text: str, is_found: bool) -> None:
    row = Cue(name="a", group=CueGroup.DEMAND, weight=0.5, phrases=("imagine … while", "you owe * money", "bojkott*"))
    assert bool(table_of(row, taken_back=("don't",), fillers=("you", "ever")).find(text).names) is is_found


def test_accents_are_left_out_where_the_table_folds_them() -> None:
    row = Cue(name="a", group=CueGroup.CONTEMPT, weight=0.5, phrases=("hülye",), alone=("szégyen",))
    assert table_of(row, fold_accents=True).find("micsoda HULYE").names == ("a",)
    assert table_of(row, fold_accents=True).find("szegyen!").names == ("a",)
    assert table_of(row).find("micsoda hulye").names == ()


def test_languages_together_find_their_own_english_and_emoji() -> None:
    tables = CueTables(
        {
            "xx": TableFile(
                cues=(
                    Cue(name="delete this", group=CueGroup.DEMAND, weight=0.6, phrases=("poista",)),
                    Cue(name="own", group=CueGroup.OUTRAGE, weight=0.1, phrases=("oma",)),
                )
            ),
            "en": read_table("en"),
            EVERY_LANGUAGE: read_table(EVERY_LANGUAGE),
        }
    )
    hits = tables.find("poista, delete this, shame on you 🤡", "xx-XX")
    assert hits.names == ("delete this", "shameful", "clown emoji")
    assert hits.hostility == pytest.approx(1 - 0.4 * 0.4 * 0.5)
    assert tables.find("poista", "yy").names == tables.find("poista", None).names == ()
    assert tables.find("shame on you", "yy").names == ("shameful",)
    assert tables.group_of("own") is CueGroup.OUTRAGE
    assert tables.group_of("clown emoji") is CueGroup.CONTEMPT
    assert tables.group_of("no such cue") is None


def test_a_language_without_a_table_is_no_error() -> None:
    assert CueTables.load(["qq", "../en", "EN-gb"]).find("delete this", "qq").names == ("delete this",)


def test_a_row_that_is_asked_for_but_missing_is_a_clear_error() -> None:
    with pytest.raises(ConfigError, match="no such row"):
        CueTables.load([]).cue("no such row")


def test_friends_are_found_beside_cues_and_can_be_taken_back() -> None:
    table = table_of(
        Cue(name="a", group=CueGroup.DEMAND, weight=0.5, phrases=("delete this",)),
        friends=(Friend(name="f", strength=0.5, phrases=("funny",)),),
        taken_back=("not",),
    )
    assert [friend.name for friend in table.signs("delete this, funny").friends] == ["f"]
    assert table.signs("delete this, not funny").friends == ()


def test_strength_beyond_one_is_refused() -> None:
    with pytest.raises(ConfigError, match="friend f: strength"):
        Friend(name="f", strength=2)
