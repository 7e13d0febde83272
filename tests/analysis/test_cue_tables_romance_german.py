"""The German, Spanish, French, Italian and Portuguese cue tables: sound as data, and friends told from foes in them."""

import tomllib
from pathlib import Path

import pytest

from analysis.cleaning import for_scoring
from analysis.cue_files import CueGroup, TableFile, read_table
from analysis.cues import CueTable, CueTables
from analysis.hostility import HostilityReader
from tests.analysis.cue_tables import (
    auc,
    hostility,
    refuse_doubles,
    refuse_names_of_its_own,
    refuse_unreadable,
    rows_of,
)

LANGUAGES = ("de", "es", "fr", "it", "pt")
REPLIES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "replies_de_es_fr_it_pt.toml").read_text(encoding="utf-8")
)
SHARED_NAMES = 40

NAMED = [
    ("de", "Löscht das, sofort!", "delete this"),
    ("de", "loescht euren Account", "delete your account"),
    ("de", "Wo bleibt denn bitte eure Entschuldigung?", "apologise"),
    ("de", "#BoykottAcme", "boycott"),
    ("de", "Wer hat das bitte freigegeben?", "who approved this"),
    ("de", "Schämt euch.", "shameful"),
    ("de", "Schaemt euch", "shameful"),
    ("de", "Na herzlichen Glückwunsch auch", "mock congratulations"),
    ("de", "So eine Scheiße", "insult"),
    ("de", "Wir wissen, wo ihr wohnt", "threat"),
    ("de", "Meine App stürzt ab", "outage"),
    ("es", "Borren este tuit", "delete this"),
    ("es", "Que vergüenza", "shameful"),
    ("es", "QUE VERGUENZA", "shameful"),
    ("es", "¿Quién aprobó esto?", "who approved this"),
    ("es", "despidan a su community manager", "fire whoever"),
    ("es", "Pidan disculpas ya", "apologise"),
    ("es", "boicoteemos la marca", "boycott"),
    ("es", "pendejos", "insult"),
    ("es", "gilipollas", "insult"),
    ("es", "sabemos donde viven", "threat"),
    ("es", "No me llegó el pedido", "cancelled or delayed"),
    ("fr", "Supprimez ce tweet", "delete this"),
    ("fr", "À quand des excuses ?", "apologise"),
    ("fr", "C'est honteux", "shameful"),
    ("fr", "cest honteux", "shameful"),
    ("fr", "qui a valide ca", "who approved this"),
    ("fr", "Virez votre stagiaire", "fire whoever"),
    ("fr", "Foutage de gueule", "is this a joke"),
    ("fr", "bande de guignols", "clown"),
    ("fr", "On sait où tu habites", "threat"),
    ("fr", "toujours pas livré", "cancelled or delayed"),
    ("it", "Cancellate questo post", "delete this"),
    ("it", "Vergognatevi", "shameful"),
    ("it", "chi ha approvato sta roba", "who approved this"),
    ("it", "Licenziate il social media manager", "fire whoever"),
    ("it", "Chiedete scusa", "apologise"),
    ("it", "boicottiamoli", "boycott"),
    ("it", "fate schifo", "insult"),
    ("it", "sappiamo dove abitate", "threat"),
    ("it", "aspetto da tre settimane", "no answer"),
    ("pt", "Apaguem isto", "delete this"),
    ("pt", "apaga esse post", "delete this"),
    ("pt", "quem aprovou isso", "who approved this"),
    ("pt", "Que vergonha", "shameful"),
    ("pt", "Peçam desculpa", "apologise"),
    ("pt", "pecam desculpas", "apologise"),
    ("pt", "demitam o estagiário", "fire whoever"),
    ("pt", "despeçam quem fez isto", "fire whoever"),
    ("pt", "otários", "insult"),
    ("pt", "aldrabões", "lies"),
    ("pt", "sabemos onde vocês moram", "threat"),
    ("pt", "a encomenda não chegou", "cancelled or delayed"),
]
NOT_NAMED = [
    ("de", "Bitte nie boykottieren", "boycott"),
    ("de", "Keine Schande, das passiert jedem", "shameful"),
    ("de", "Wo krieg ich die Schuhe?", "victims"),
    ("de", "Tut mir leid, letzte Woche war ich krank", "insult"),
    ("de", "Ich finde euch toll", "threat"),
    ("es", "No borren esto", "delete this"),
    ("es", "Por supuesto que voy", "hypocrisy"),
    ("es", "Amo el burrito", "insult"),
    ("fr", "Ne supprimez pas ce post", "delete this"),
    ("fr", "J'ai faim", "victims"),
    ("fr", "Mon sac à dos est arrivé", "it backfired"),
    ("it", "Non cancellate questo post", "delete this"),
    ("it", "Da sola o in compagnia", "lies"),
    ("pt", "Não apaguem isto", "delete this"),
    ("pt", "Gosto do novo", "do better"),
    ("pt", "Quero um burrito", "insult"),
]


@pytest.fixture(scope="module")
def tables() -> dict[str, TableFile]:
    return {language: read_table(language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def cues() -> CueTables:
    return CueTables.load(LANGUAGES)


@pytest.fixture(scope="module")
def reader() -> HostilityReader:
    return HostilityReader.load(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_is_broad_and_speaks_of_every_group(tables: dict[str, TableFile], language: str) -> None:
    table = tables[language]
    assert {cue.group for cue in table.cues} == set(CueGroup)
    assert len(table.cues) >= 40
    assert sum(len(cue.phrases) for cue in table.cues) >= 300
    assert table.friends
    assert table.praise
    assert table.addressed
    assert table.taken_back
    assert table.fold_accents is (language != "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_and_no_name_stands_in_a_table_twice(tables: dict[str, TableFile], language: str) -> None:
    refuse_doubles(tables[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_as_the_search_reads_them(tables: dict[str, TableFile], language: str) -> None:
    refuse_unreadable(tables[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_those_of_the_english_table(tables: dict[str, TableFile], language: str) -> None:
    refuse_names_of_its_own(tables[language], shared_names=SHARED_NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_trouble_with_the_product_is_named_but_hardly_hostile(tables: dict[str, TableFile], language: str) -> None:
    service = [cue for cue in tables[language].cues if cue.group is CueGroup.SERVICE]
    assert len(service) >= 5
    assert all(cue.weight <= 0.1 for cue in service)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_fires_its_own_row(tables: dict[str, TableFile], language: str) -> None:
    table = CueTable(tables[language])
    silent = []
    for row in rows_of(tables[language]):
        for phrase in row.phrases:
            said = " ".join("zz" if word in "*…" else word.replace("*", "us") for word in phrase.split())
            signs = table.signs(f"zz {said} zz")
            if row not in (*signs.cues, *signs.friends):
                silent.append((row.name, phrase))
    assert silent == []


@pytest.mark.parametrize(("language", "text", "name"), NAMED)
def test_cue_is_found_by_name(cues: CueTables, language: str, text: str, name: str) -> None:
    assert name in cues.find(for_scoring(text), language).names


@pytest.mark.parametrize(("language", "text", "name"), NOT_NAMED)
def test_like_words_of_friends_are_no_such_cue(cues: CueTables, language: str, text: str, name: str) -> None:
    assert name not in cues.find(for_scoring(text), language).names


@pytest.mark.parametrize("language", LANGUAGES)
def test_sarcasm_and_demands_are_told_from_friends_with_the_same_words(reader: HostilityReader, language: str) -> None:
    hostile, friendly = (
        [hostility(reader, text, language) for text in REPLIES[language][kind]] for kind in ("hostile", "friendly")
    )
    assert min(len(hostile), len(friendly)) >= 25
    assert auc(hostile, friendly) >= 0.9
