"""Own experience in eight languages: customers are told from bystanders by words, unknown languages from neither."""

import tomllib
from importlib import resources

import pytest

from analysis.first_person import FirstPersonReader, FirstPersonWords

READER = FirstPersonReader.load()

CUSTOMERS = [
    ("en", "I ordered three weeks ago and nothing came"),
    ("en", "Still haven't got OUR refund, thanks a lot"),
    ("en", "my last two parcels arrived in pieces 😡"),
    ("en", "@acme they charged me twice"),
    ("en", "I\u2019ve been waiting since Monday"),
    ("en", "as a customer of ten years: shame"),
    ("de", "Ich habe vor drei Wochen bestellt, nichts ist da"),
    ("de", "Und meine Bestellung? Weg."),
    ("de", "Wir sind Stammkunden und mir wurde zweimal abgebucht, mein Geld zurück bitte"),
    ("fr", "J'ai commandé il y a un mois, toujours rien"),
    ("fr", "et mon colis alors ?"),
    ("es", "Compré dos y los dos llegaron rotos"),
    ("es", "¿Y mi pedido?"),
    ("es", "llevo tres horas esperando"),
    ("it", "L'ho comprato ieri ed è già rotto"),
    ("it", "il mio ordine non è mai arrivato"),
    ("pt", "Comprei em maio e até hoje nada"),
    ("pt", "cadê o meu pedido?"),
    ("fi", "Tilasin viikko sitten eikä mitään kuulu"),
    ("fi", "missä pakettini viipyy"),
    ("hu", "Két hete rendeltem, azóta semmi"),
    ("hu", "és a csomagom?"),
]
BYSTANDERS = [
    ("en", "I can't believe they posted this"),
    ("en", "my god, who approved this"),
    ("en", "I would never buy from you, delete this"),
    ("en", "were you paid for this?"),
    ("en", "who signed this off"),
    ("en", 'they really said "my order is my order"'),
    ("de", "Ich fasse es nicht, wer hat das freigegeben"),
    ("de", "meine Meinung: peinlich"),
    ("fr", "je rêve, qui a validé ça"),
    ("es", "qué vergüenza, borrad esto"),
    ("it", "ma chi ha approvato questa roba"),
    ("pt", "que vergonha alheia"),
    ("fi", "häpeäisitte"),
    ("hu", "szégyelljétek magatokat"),
]


@pytest.mark.parametrize(("lang", "text"), CUSTOMERS)
def test_customer_speaks_from_own_experience(lang: str, text: str) -> None:
    assert READER.is_personal(text, lang) is True


@pytest.mark.parametrize(("lang", "text"), BYSTANDERS)
def test_bystander_does_not(lang: str, text: str) -> None:
    assert READER.is_personal(text, lang) is False


@pytest.mark.parametrize("text", [text for _, text in CUSTOMERS])
def test_case_does_not_matter(text: str) -> None:
    lang = next(lang for lang, each in CUSTOMERS if each == text)
    assert READER.is_personal(text.upper(), lang) is True


@pytest.mark.parametrize(
    ("text", "lang"), [("Czekam na moją paczkę", "pl"), ("I bought it", None), ("😂😂", "en"), ("", "en")]
)
def test_what_cannot_be_read_is_unknown_rather_than_a_bystander(text: str, lang: str | None) -> None:
    assert READER.is_personal(text, lang) is None


def test_what_is_reposted_is_not_the_reposters_experience() -> None:
    assert READER.is_personal("wow RT @ann: I ordered it and it broke", "en") is False


@pytest.mark.parametrize(
    "text",
    [
        "\x00my\x00order\ud800",
        "my " * 300_000,
        "😂" * 10_000,
        "\u202emy order",
        "=cmd|' /C calc'!A0",
        "<b>my order</b>",
    ],
)
def test_hostile_texts_are_read_without_harm(text: str) -> None:
    assert READER.is_personal(text, "en") in {True, False, None}


def test_every_language_with_cues_has_its_words() -> None:
    rows = tomllib.loads((resources.files("analysis") / "first_person.toml").read_text(encoding="utf-8"))
    assert set(rows) == {"en", "de", "fr", "es", "it", "pt", "fi", "hu"}
    for lang, table in rows.items():
        for name in ("plain", "selves", "done", "mine", "things"):
            assert len(set(table[name])) == len(table[name]), f"{lang}.{name} says something twice"


def test_reach_ends_where_it_ends() -> None:
    table = FirstPersonWords(
        reach=2,
        plain=frozenset(),
        phrases=(),
        selves=frozenset({"i"}),
        done=frozenset({"bought"}),
        mine=frozenset({"my"}),
        things=frozenset({"order"}),
        starts=frozenset({"my", "bought"}),
    )
    reader = FirstPersonReader({"en": table})
    assert [reader.is_personal(text, "en") for text in ("i really bought", "i really really bought")] == [True, False]
    assert [reader.is_personal(text, "en") for text in ("my very own order", "my very very own order")] == [True, False]
