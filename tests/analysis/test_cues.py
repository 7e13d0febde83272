"""Cues: the phrases of backlash are found by name, friendly uses are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import for_scoring
from analysis.cues import Cue, CueGroup, CueTable
from stormcone.errors import ConfigError

ENGLISH = CueTable.load("en")


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
def test_friendly_words_fire_nothing(text: str) -> None:
    assert ENGLISH.find(for_scoring(text)).names == ()


def test_hostility_of_several_cues_is_joint_and_below_one() -> None:
    table = CueTable(
        [
            Cue(name="a", group=CueGroup.DEMAND, weight=0.5, phrases=("go away",)),
            Cue(name="b", group=CueGroup.OUTRAGE, weight=0.6, phrases=("awful",), emoji="🤮"),
        ]
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
    for cue in ENGLISH._cues:
        for phrase in cue.phrases:
            said = for_scoring(f"so {phrase.replace('*', 'us')} ok")
            assert cue.name in ENGLISH.find(said).names, phrase
        for said in (*cue.alone, *cue.emoji):
            assert cue.name in ENGLISH.find(said).names, said


def test_no_phrase_and_no_name_stands_in_the_table_twice() -> None:
    said = [each for cue in ENGLISH._cues for each in (*cue.phrases, *cue.emoji)]
    assert len(said) == len(set(said)) > 120
    names = [cue.name for cue in ENGLISH._cues]
    assert len(names) == len(set(names))


def test_group_can_be_asked_by_the_name_a_score_carries() -> None:
    assert ENGLISH.group_of("outage") is CueGroup.SERVICE
    assert ENGLISH.group_of("no such cue") is None


_PIECES = [phrase for cue in ENGLISH._cues for phrase in cue.phrases]


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
