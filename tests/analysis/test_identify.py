"""Identifying: what of a text may decide its language, what both packages know, and that nothing breaks them."""

import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.identify import (
    Guess,
    Identifier,
    Py3LangidIdentifier,
    Strength,
    Words,
    best_identifier,
    installed_identifiers,
    words_of,
)

LANGUAGES = ("en", "hu", "fi", "de", "es", "fr", "it", "pt", "sv", "pl", "nl", "da", "no", "cs", "ro")
INSTALLED = list(installed_identifiers(LANGUAGES))

SENTENCES = {
    "en": "I have been waiting for my parcel since last week and nobody answers",
    "hu": "Egy hete várok a csomagomra, és senki sem válaszol",
    "fi": "Olen odottanut pakettiani viikon eikä kukaan vastaa",
    "de": "Ich warte seit einer Woche auf mein Paket und niemand antwortet",
    "es": "Llevo una semana esperando mi paquete y nadie responde",
    "fr": "J'attends mon colis depuis une semaine et personne ne répond",
    "it": "Aspetto il mio pacco da una settimana e nessuno risponde",
    "pt": "Estou à espera da minha encomenda há uma semana e ninguém responde",
    "sv": "Jag har väntat på mitt paket i en vecka och ingen svarar",
    "pl": "Czekam na moją paczkę od tygodnia i nikt nie odpowiada",
    "nl": "Ik wacht al een week op mijn pakketje en niemand antwoordt",
    "cs": "Čekám na svůj balík už týden a nikdo neodpovídá",
    "ro": "Aștept coletul de o săptămână și nimeni nu răspunde",
}
FOREIGN = {
    "tr": "Bu ürün gerçekten çok kötü, bir daha asla almam",
    "ru": "стыдно за вас",
    "el": "ντροπή σας",
    "ar": "عار عليكم جميعا",
    "ja": "これは恥ずかしいです",
    "he": "תתביישו לכם",
}
HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "half \udc00 of a pair " * 20,
    "\u202e\u2066gnp.exe\u2069",
    "😂" * 10_000,
    "🤡",
    "x" * 1_000_000,
    "ßẞİıſ" * 1_000,
    "\u0301" * 5_000,
    "漢" * 5_000,
    "\U0001d41d\U0001d41e\U0001d425",
    "=1+1",
    "<b>&amp;</b>",
    "\x7f\x80\x9f\ufffe\uffff\U0010ffff",
    "' ' ' ''`` \u2019\u2019a\u2019b",
    "''' or '''a'b'",
]


@pytest.fixture(params=INSTALLED, ids=lambda identifier: identifier.name)
def identifier(request: pytest.FixtureRequest) -> Identifier:
    return request.param


def guess(identifier: Identifier, text: str) -> Guess:
    return identifier.guess(words_of(text, "Zorvexa"))


def test_py3langid_is_there_even_where_eldc_is_not() -> None:
    assert any(isinstance(identifier, Py3LangidIdentifier) for identifier in INSTALLED)


@pytest.mark.parametrize("lang", SENTENCES)
def test_ordinary_sentence_is_surely_named(identifier: Identifier, lang: str) -> None:
    assert guess(identifier, SENTENCES[lang]) == Guess(lang=lang, strength=Strength.SURE)


@pytest.mark.parametrize("lang", FOREIGN)
def test_language_that_is_not_configured_is_named_as_what_it_is(identifier: Identifier, lang: str) -> None:
    assert guess(identifier, FOREIGN[lang]) == Guess(lang=lang, strength=Strength.SURE)


def test_language_of_another_script_can_be_configured() -> None:
    for identifier in installed_identifiers(["en", "ru"]):
        assert guess(identifier, "мне очень стыдно за вас") == Guess(lang="ru", strength=Strength.SURE)


@pytest.mark.parametrize(
    "text", ["ratio", "lol", "wow", "L + ratio", "omg", "iPhone 15 Pro", "no", "Zorvexa lol", "123"]
)
def test_word_of_every_language_decides_nothing(identifier: Identifier, text: str) -> None:
    assert guess(identifier, text).strength is Strength.WEAK


def test_a_few_words_of_a_foreign_language_do_not_leave_the_configured_ones(identifier: Identifier) -> None:
    assert guess(identifier, "bir daha").lang in {*LANGUAGES, None}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered(identifier: Identifier, text: str) -> None:
    answer = guess(identifier, text)
    assert answer.lang is None or 2 <= len(answer.lang) <= 3


@given(text=st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_text_is_answered_the_same_way_twice(text: str) -> None:
    for identifier in INSTALLED:
        assert guess(identifier, text) == guess(identifier, text)


def test_megabyte_costs_no_more_than_a_paragraph(identifier: Identifier) -> None:
    started = time.process_time()
    for _ in range(20):
        guess(identifier, "aB" * 500_000)
    assert time.process_time() - started < 1.0


def test_threads_do_not_disturb_each_other(identifier: Identifier) -> None:
    answers: list[bool] = []

    def ask(lang: str) -> None:
        answers.extend(guess(identifier, SENTENCES[lang]).lang == lang for _ in range(200))

    threads = [threading.Thread(target=ask, args=(lang,)) for lang in ("en", "hu", "fi", "de")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 800
    assert all(answers)


def test_two_identifiers_keep_their_own_languages() -> None:
    for narrow in installed_identifiers(["en", "hu"]):
        assert narrow.guess(words_of("una vergüenza", "x")).lang in {"en", "hu", None}
        assert all(guess(wide, SENTENCES["es"]).lang == "es" for wide in INSTALLED)


def test_languages_nobody_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="name languages such as"):
        best_identifier(["qq"])


def test_unknown_language_among_known_ones_is_left_out(identifier: Identifier) -> None:
    assert best_identifier(["en", "qq"]).readable == {"en"}


def test_py3langid_takes_over_where_eldc_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eldc", None)
    assert best_identifier(LANGUAGES).name.startswith("py3langid-")


def test_without_any_package_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eldc", None)
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    with pytest.raises(ImportError, match="install py3langid"):
        best_identifier(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "brand", "kept"),
    [
        ("this is bad #Schande #Vergogna", "x", "this is bad"),
        ("Deutsche Bahn again", "Deutsche Bahn", "again"),
        ("deutsche bahn again", "Deutsche Bahn", "again"),
        ("my iPhone broke", "x", "my broke"),
        ("yesterday in the shop Jiří Novák was so very rude", "x", "yesterday in the shop was so very rude"),
        ("I AM SO ANGRY WITH YOU ALL", "x", "I AM SO ANGRY WITH YOU ALL"),
        ("Jiří Novák", "x", "Jiří Novák"),
        ("это всё ваш Facebook", "x", "это всё ваш"),
        ("a\x00b \ud83d c", "x", "a b c"),
        ("it is an apple", "It", "it is an apple"),
        ("half (price", "half (price", "("),
    ],
)
def test_names_and_hashtags_do_not_decide(text: str, brand: str, kept: str) -> None:
    assert " ".join(words_of(text, brand).text.split()) == kept


def test_text_counts_as_latin_by_its_majority() -> None:
    assert words_of("δεν δουλεύει the app", "x").is_latin is False
    assert words_of("the app says δεν and stops", "x").is_latin is True


def test_letters_are_counted_of_what_is_kept() -> None:
    assert words_of("ab 12 😂 #hashtag", "x") == Words(text="ab 12 😂  ", letters=2, is_latin=True)
