"""The Hungarian and Finnish cue tables: sound as data, and told apart from friends who use the same words."""

import pytest

from analysis.cleaning import for_scoring
from analysis.cue_files import CueGroup, TableFile, read_table
from analysis.cues import CueTables
from analysis.hostility import HostilityReader
from tests.analysis.cue_tables import auc, hostility, refuse_doubles, refuse_names_of_its_own, refuse_unreadable

# Every text is invented. Most of the hostile ones carry no bad word: they read as praise, or only demand something.
HOSTILE = {
    "hu": """\
Gratulálok, ezt jól megcsináltátok.
Zseniális időzítés, tényleg.
Na szép. Ezt ki engedte ki?
Töröljétek, amíg nem késő.
Szedjétek le ezt a posztot, most.
Hol marad a bocsánatkérés?
Csodás kép! Kár, hogy közben kirúgtatok háromszáz embert.
Milyen kedves tőletek, hogy a gyászolóknak kupont adtok.
Bravó, az év öngólja.
Hurrá, már megint áremelés, köszönjük szépen!
Ügyesek vagytok, ezzel elvesztettetek egy vevőt.
Imádom, amikor egy cég pont ma posztol kávésbögrét.
Biztos nagyon büszkék vagytok magatokra.
Szép munka, marketing. Láttátok a híreket?
Ez most komoly?
A többi napon nem lehetett volna?
Hát ez pazar. Emberek haltak meg, ti meg akcióztok.
Köszi a semmit!
Remek ötlet volt ezt pont gyásznapon kirakni.
Tapsolok. Lassan, hogy ti is értsétek.
Na persze, a környezetvédelem, hogyne.
Nézzetek már híreket!
Mondjon le, aki ezt kitalálta.
Innentől a konkurenciához járok, minden jót.
Fantasztikus, hogy erre van pénz, fizetésekre meg nincs.
Jó kis cég, mondhatom.
Várjuk a magyarázatot a dolgozóktól elvett pénzről.
Kérjetek elnézést azoktól, akik ott ragadtak.
Hű de kedves. És a raktárosok mikor kapnak fizetést?
Ennyit a híres értékeitekről, szép volt!
Lenyűgöző, mennyire nem érdekel titeket senki.
Ki gondolta, hogy ez vicces lesz?
Wow. Csak wow. Nincs jobb dolgotok?
Gyönyörű fotó egy olyan cégtől, ami mérgezi a folyót.
Kapjon prémiumot az, aki szerint ez most jó ötlet.
Vegyetek vissza, és inkább válaszoljatok az ügyfeleknek.
Ezt a reklámot tanítani fogják, hogyan ne csináld.
Szegyelljetek magatokat
Micsoda empátia, le a kalappal.
Soha többet nem rendelek tőletek, csak így tovább!
""",
    "fi": """\
Onneksi olkoon, tämä oli sitten siinä.
Loistava ajoitus, todella.
No hienoa. Kuka tämän päästi läpi?
Poistakaa ennen kuin on myöhäistä.
Ottakaa tuo postaus pois, heti.
Missä viipyy anteeksipyyntö?
Upea kuva! Harmi vaan että irtisanoitte juuri kolmesataa ihmistä.
Miten ihanaa että surevat saavat teiltä alennuskupongin.
Bravo, vuoden oma maali.
Jippii, taas hinnankorotus, kiitos taas!
Hyvä te, siinä meni yksi asiakas.
Rakastan sitä kun firma mainostaa kahvikuppeja tällaisena päivänä.
Olette varmaan tosi ylpeitä itsestänne.
Hienoa työtä taas markkinoinnilta. Luitteko uutisia?
Siis oikeesti?
Eikö mikään muu päivä käynyt?
Aivan mahtavaa. Ihmisiä kuoli ja te vietätte alepäiviä.
Kiitos ei mistään!
Nerokas idea julkaista tämä surupäivänä.
Taputan. Hitaasti, että tekin ymmärrätte.
Just joo, ympäristöystävällinen.
Seuratkaa nyt edes vähän uutisia!
Erotkaa, koko porukka joka tämän keksi.
Tästä eteenpäin ostan muualta, heippa.
Mahtavaa että tähän on rahaa mutta palkkoihin ei.
Kylläpä osaatte, hattua nostan.
Odotamme selitystä työntekijöiltä vietyihin rahoihin.
Pyytäkää anteeksi niiltä jotka jäivät kentälle.
Onpa kivaa. Ja milloin varastolla maksetaan palkat?
Siinä ne teidän hienot arvot.
Vaikuttavaa miten vähän teitä kiinnostaa kukaan.
Kenen mielestä tämä oli hauska?
Vau. Ihan vaan vau. Eikö ole muuta tekemistä?
Kaunis kuva firmalta joka myrkyttää joen.
Bonukset sille jonka mielestä tämä oli nyt hyvä idea.
Vastatkaa mieluummin asiakkaillenne.
Tästä tulee vielä oppikirjaesimerkki siitä miten ei pidä tehdä.
Havetkaa
Mikä tilannetaju, aplodit.
En tilaa teiltä enää ikinä, jatkakaa samaan malliin!
""",
}
FRIENDLY = {
    "hu": """\
Gratulálok a csapatnak, nagyon jó lett!
Zseniális reklám, imádom ❤️
Na ez szép lett, ki fotózta?
Ne töröljétek le soha, ez zseniális!
Szép munka, srácok, alig várom a folytatást.
Bocsánat, hogy csak most írok: köszönöm a gyors segítséget!
Csodás kép, de szeretnék ott lenni!
Milyen kedves tőletek, köszönjük a meglepetést!
Bravó, megérdemelt győzelem!
Hurrá, végre nálunk is nyíltok!
Ügyesek vagytok, gratulálok az új bolthoz!
Imádom, ahogy kinéz, veszek egyet holnap.
Büszke vagyok rátok, szuper csapat!
Szép munka, öröm nézni.
Ez most komoly? De jó, ott leszek!
Minden nap nálatok kávézom, mindig finom.
Hát ez gyönyörű, libabőrös lettem.
Köszi a tippet, kipróbálom!
Remek ötlet volt, a gyerekek imádták.
Tapsolok és nevetek, feldobtátok a napomat 😂
Persze, hogy megyek, hozom a barátaimat is!
Ez nagyon tetszik, melyik boltban kapható?
Aki ezt kitalálta, fizetésemelést érdemel!
Évek óta hozzátok járok, minden jót kívánok a csapatnak!
Fantasztikus, hogy ilyen is van, köszönjük!
Jó kis reklám, jót nevettem rajta.
Boldog szülinapot, további sok sikert!
Elnézést, ez mennyibe kerül? Nagyon szép.
Hű de finom lehet! Mikor lesz a boltokban?
Szép volt, fiúk, hajrá!
Lenyűgöző fotó, gratulálok a fotósnak.
Ki gondolta volna, hogy ilyen finom lesz!
Wow, ez gyönyörű!
Gyönyörű fotó, hol készült?
Kapjon jutalmat, aki ezt kitalálta, annyira cuki.
Köszönöm, hogy ilyen gyorsan válaszoltatok az üzenetemre.
Ezt a reklámot százszor megnézném.
Gyonyoru lett, gratulalok
Micsoda csapat, le a kalappal!
Mindig tőletek rendelek, csak így tovább!
""",
    "fi": """\
Onneksi olkoon koko tiimille, tosi hieno!
Loistava mainos, rakastan tätä ❤️
Onpa kaunis, kuka kuvasi?
Älkää ikinä poistako tätä, aivan mahtava!
Hienoa työtä, odotan innolla jatkoa.
Anteeksi että kirjoitan vasta nyt: kiitos nopeasta avusta!
Upea kuva, tuonne haluaisin!
Miten ihana yllätys, kiitos teille!
Bravo, ansaittu voitto!
Jippii, vihdoin avaatte meidänkin kylillä!
Hyvä te, onnea uudelle myymälälle!
Rakastan tätä väriä, ostan huomenna.
Olen ylpeä teistä, huikea porukka!
Hienoa työtä, ilo katsoa.
Oikeesti? Mahtavaa, nähdään siellä!
Käyn teillä joka päivä kahvilla, aina hyvää.
Aivan mahtavaa, meni kylmät väreet.
Kiitos vinkistä, pitää kokeilla!
Nerokas idea, lapset tykkäsivät kovasti.
Taputan ja nauran, pelastitte päiväni 😂
Joo tulen ehdottomasti, otan kaverit mukaan!
Tykkään tästä kovasti, missä kaupassa myydään?
Kuka tämän keksi, palkankorotus sille!
Vuosia olen ollut asiakkaana, kaikkea hyvää tiimille!
Mahtavaa että tällaistakin on, kiitos!
Hauska mainos, nauroin ääneen.
Hyvää syntymäpäivää ja menestystä jatkoon!
Anteeksi, paljonko tämä maksaa? Tosi kaunis.
Nam, näyttää hyvältä! Milloin kauppoihin?
Hyvä Suomi, tsemppiä!
Vaikuttava kuva, onnittelut kuvaajalle.
Kuka olisi arvannut että tämä on näin herkullista!
Vau, tosi kaunis!
Kaunis kuva, missä tämä on otettu?
Antakaa bonus tämän tekijälle, niin söpö.
Kiitos kun vastasitte viestiini niin nopeasti.
Tätä mainosta voisin katsoa sata kertaa.
Todella hieno, onnea teille
Mikä tiimi, nostan hattua teille!
Tilaan aina teiltä, jatkakaa samaan malliin!
""",
}
# What a native speaker would expect to read on screen as the reason.
NAMED = {
    "hu": {
        "Töröljétek ezt, azonnal": "delete this",
        "toroljetek mar": "delete this",
        "hol a bocsánatkérés???": "apologise",
        "Bojkottáljuk őket!": "boycott",
        "Ki engedte ezt ki?": "who approved this",
        "Néztétek ma a híreket? Olvassatok híreket!": "read the room",
        "Szégyelljétek magatokat!": "shameful",
        "szegyelljetek magatokat": "shameful",
        "hiteltelen az egész": "hypocrisy",
        "Tudom, hol laksz.": "threat",
        "napok óta várok": "no answer",
        "Rúgjátok ki a marketingest": "fire whoever",
    },
    "fi": {
        "Poistakaa tämä heti": "delete this",
        "Missä anteeksipyyntö???": "apologise",
        "Boikottiin koko firma!": "boycott",
        "Kuka tämän hyväksyi?": "who approved this",
        "Lukekaa huonetta": "read the room",
        "Hävetkää!": "shameful",
        "havetkaa vahan": "shameful",
        "tekopyhää touhua": "hypocrisy",
        "Myötähäpeä on suuri": "not a good look",
        "Tiedän missä asut.": "threat",
        "kukaan ei vastaa": "no answer",
        "Antakaa potkut sille": "fire whoever",
    },
}
NOT_NAMED = {
    "hu": [("Ne töröljétek ezt, imádom", "delete this"), ("nem kell bocsánatot kérni", "apologise")],
    "fi": [("Älkää poistako tätä, rakastan", "delete this"), ("ei mitään hävettävää", "shameful")],
}
LANGUAGES = ("hu", "fi")
SHARED_NAMES = 40


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
    assert len(table.cues) >= 45
    assert sum(len(cue.phrases) for cue in table.cues) >= 450
    assert table.fold_accents
    assert table.friends
    assert table.praise
    assert table.addressed


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_twice_even_without_accents(tables: dict[str, TableFile], language: str) -> None:
    refuse_doubles(tables[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_as_the_search_reads_them(tables: dict[str, TableFile], language: str) -> None:
    refuse_unreadable(tables[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_those_of_the_english_table(tables: dict[str, TableFile], language: str) -> None:
    refuse_names_of_its_own(tables[language], shared_names=SHARED_NAMES)


@pytest.mark.parametrize(("language", "text"), [(each, text) for each in LANGUAGES for text in NAMED[each]])
def test_cue_is_found_by_name(cues: CueTables, language: str, text: str) -> None:
    assert NAMED[language][text] in cues.find(for_scoring(text), language).names


@pytest.mark.parametrize(
    ("language", "text", "name"), [(each, *case) for each in LANGUAGES for case in NOT_NAMED[each]]
)
def test_phrase_taken_back_is_no_cue(cues: CueTables, language: str, text: str, name: str) -> None:
    assert name not in cues.find(for_scoring(text), language).names


@pytest.mark.parametrize("language", LANGUAGES)
def test_sarcasm_and_demands_are_told_from_friends_with_the_same_words(reader: HostilityReader, language: str) -> None:
    hostile, friendly = (
        [hostility(reader, text, language) for text in texts[language].splitlines()] for texts in (HOSTILE, FRIENDLY)
    )
    assert len(hostile) >= 40
    assert len(friendly) >= 40
    assert auc(hostile, friendly) >= 0.8
