"""The casebook: every case is sourced, what is coded is marked, and a wrong file is named with case and key."""

from dataclasses import fields

import pytest

from analysis.casebook import casebook_of, load_casebook
from analysis.cases import Casebook, SourceKind
from stormcone.errors import ConfigError
from stormcone.models import Action, Cause, Facts, Kind, Responsibility, Trigger

SEVEN = (
    "usaf-2018-yanny-laurel",
    "mcdonalds-2017-placeholder",
    "amazon-2018-earth-day",
    "lockheed-2018-photo-day",
    "snapchat-2018-rihanna-ad",
    "cruz-2017-like",
    "coca-cola-2015-makeithappy",
)
MEASURED = (
    *("severity", "post_age_min", "neg_share", "coordination", "dup_text_share", "new_account_share"),
    *("commentator_share", "reply_ratio", "doubling_min", "distinct_authors", "top_author_reach"),
    *("similar_incidents_12m", "scheduled_posts_next_24h"),
)
PLAIN = """
[[case]]
id = "harbour-2020-ferry"
year = 2020
brand = "Harbour"
country = "FI"
title = "A ferry that did not come"
happened = { text = "A ferry did not come.", from = ["gazette"] }
done = { text = "Told people when the next one goes.", from = ["gazette"] }
lesson = "Say when the next one goes."
did = ["inform_people"]

[case.sources]
gazette = { kind = "news", publication = "The Gazette", date = "2020-05-01", address = "https://example.org/ferry" }

[case.reported]
post_status = { is = "live", from = ["gazette"] }

[case.coded]
cause = "service_failure"
kind = "unknown"
harm_to_people = false
"""


def book(text: str) -> Casebook:
    return casebook_of([("invented.toml", text)])


@pytest.mark.parametrize("case_id", SEVEN)
def test_cases_of_the_documents_stand_under_their_ids(case_id: str) -> None:
    assert load_casebook().case(case_id).id == case_id


def test_forty_more_cases_stand_beside_them() -> None:
    assert len(load_casebook().cases) >= len(SEVEN) + 40


def test_every_cause_of_the_advice_has_a_case() -> None:
    assert {case.facts.cause for case in load_casebook().cases} == set(Cause)


def test_cases_are_of_many_years_countries_and_platforms() -> None:
    cases = load_casebook().cases
    assert {"HU", "FI", "DE", "GB", "US"} <= {case.country for case in cases}
    assert {2009, 2025} <= {case.year for case in cases}
    assert len({case.country for case in cases}) >= 10
    assert len({name for case in cases for name in case.platforms}) >= 8


def test_every_case_names_a_publication_with_date_and_address() -> None:
    for case in load_casebook().cases:
        for source in case.sources:
            assert source.publication, case.id
            assert source.date, case.id
            assert source.address or source.kind is SourceKind.DOCUMENT, case.id


def test_only_a_case_of_the_documents_rests_on_a_document_alone() -> None:
    alone = {case.id for case in load_casebook().cases if {s.kind for s in case.sources} == {SourceKind.DOCUMENT}}
    assert alone <= set(SEVEN)


def test_no_measurement_is_kept_of_any_case() -> None:
    for case in load_casebook().cases:
        assert [name for name in MEASURED if getattr(case.facts, name) is not None] == [], case.id


def test_cause_is_our_coding_and_never_given_as_reported() -> None:
    for case in load_casebook().cases:
        assert "cause" in case.coded, case.id
        assert not set(case.coded) & {fact.key for fact in case.reported}, case.id


def test_lessons_are_single_sentences_of_their_own() -> None:
    cases = load_casebook().cases
    assert len({case.lesson for case in cases}) == len(cases)
    for case in cases:
        assert case.lesson.endswith("."), case.id
        assert ". " not in case.lesson, case.id


def test_cases_stand_in_the_order_of_their_ids() -> None:
    ids = [case.id for case in load_casebook().cases]
    assert ids == sorted(set(ids))


def test_asking_for_a_case_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody-2020-nothing"):
        load_casebook().case("nobody-2020-nothing")


def test_case_is_read_as_it_is_told() -> None:
    case = casebook_of([("invented.toml", PLAIN)]).case("harbour-2020-ferry")
    assert case.did == (Action.INFORM_PEOPLE,)
    assert case.facts.cause is Cause.SERVICE_FAILURE
    assert [(fact.key, fact.sources) for fact in case.reported] == [("post_status", ("gazette",))]
    assert case.coded == ("cause", "harm_to_people", "kind")
    assert case.outcome is None
    assert case.practice is None


def test_unknown_and_missing_are_the_same() -> None:
    case = casebook_of([("invented.toml", PLAIN)]).case("harbour-2020-ferry")
    assert case.facts.kind is None
    assert case.facts.trigger is None
    assert case.facts.harm_to_people is False


def test_one_platform_named_does_not_mean_that_there_was_only_one() -> None:
    one = PLAIN.replace("[case.coded]", 'platforms = { is = ["Pond"], from = ["gazette"] }\n\n[case.coded]')
    two = one.replace('["Pond"]', '["Pond", "Sea"]')
    assert casebook_of([("a", one)]).cases[0].facts.platforms is None
    assert casebook_of([("a", two)]).cases[0].facts.platforms == 2
    assert casebook_of([("a", one)]).cases[0].platforms == ("Pond",)


def test_id_that_stands_in_two_files_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"harbour-2020-ferry: id.*twice"):
        casebook_of([("a.toml", PLAIN), ("b.toml", PLAIN)])


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('id = "harbour-2020-ferry"\n', "", "invented.toml, case 1: id"),
        ("harbour-2020-ferry", "harbour-ferry", "harbour-ferry: id"),
        ("year = 2020", "year = 2021", "harbour-2020-ferry: id"),
        ("year = 2020", "year = true", "year = 'True': a whole number"),
        ('country = "FI"', 'country = "Finland"', "country"),
        ("[case.coded]", "[case.codded]", "codded: no such key; did you mean coded"),
        ("lesson =", "leson =", "leson: no such key; did you mean lesson"),
        ('"inform_people"', '"shout"', "did = 'shout': one of none, monitor"),
        ('did = ["inform_people"]', 'did = "inform_people"', "did"),
        ('did = ["inform_people"]', 'did = []\nbesides = ["weep"]', "besides = 'weep'"),
        ('"A ferry did not come.", from = ["gazette"]', '"A ferry did not come."', "happened.from: name at least one"),
        ('come.", from = ["gazette"]', 'come.", from = []', "happened.from"),
        ('come.", from = ["gazette"]', 'come.", from = ["gazzette"]', "happened.from = 'gazzette': no such source"),
        ('come.", from = ["gazette"]', 'come.", from = [["gazette"]]', "happened.from"),
        ('"A ferry did not come."', '" "', "happened.text"),
        ('"live", from = ["gazette"]', '"live"', "reported.post_status.from"),
        ('{ is = "live", from = ["gazette"] }', '"live"', "reported.post_status"),
        ('is = "live"', 'is = "unknown"', "reported.post_status = 'unknown': what is unknown is not reported"),
        ('is = "live"', 'is = "gone"', "reported.post_status = 'gone': one of live, deleted"),
        ('cause = "service_failure"', 'cause = "weather"', "coded.cause = 'weather'"),
        ('cause = "service_failure"', "cause = 7", "coded.cause"),
        ('cause = "service_failure"\n', "", "coded.cause: code a cause"),
        ("harm_to_people = false", 'harm_to_people = "no"', "coded.harm_to_people = 'no': true or false"),
        ("harm_to_people = false", "severity = 4", "coded.severity: it is measured"),
        ("harm_to_people = false", "neg_share = 0.4", "coded.neg_share: it is measured"),
        ("harm_to_people = false", "harm_to_peple = false", "did you mean harm_to_people"),
        ("harm_to_people = false", 'post_status = "live"', "coded.post_status.*reported already"),
        ("harm_to_people = false", 'said = ["joke"]', "coded.said.*never coded"),
        ("post_status = {", "distinct_authors = {", "reported.distinct_authors: it is measured"),
        ('kind = "news"', 'kind = "gossip"', "sources.gazette.kind = 'gossip'"),
        ('date = "2020-05-01"', 'date = "May"', "sources.gazette.date = 'May'"),
        ('date = "2020-05-01"', 'date = "2020-13-01"', "sources.gazette.date"),
        (', address = "https://example.org/ferry"', "", "sources.gazette.address"),
        ("https://example.org/ferry", "example", "sources.gazette.address = 'example'"),
        ('publication = "The Gazette", ', "", "sources.gazette.publication"),
        (
            "[case.reported]",
            'idle = { kind = "document", publication = "X", date = "2020" }\n[case.reported]',
            "sources.idle",
        ),
        ("lesson =", 'practice = { judged = "nice", from = ["gazette"] }\nlesson =', "practice.judged = 'nice'"),
        ("lesson =", 'practice = { judged = "good" }\nlesson =', "practice.from"),
    ],
)
def test_wrong_case_is_an_error_that_names_case_and_key(old: str, new: str, named: str) -> None:
    assert old in PLAIN
    with pytest.raises(ConfigError, match=named):
        book(PLAIN.replace(old, new, 1))


def test_case_without_sources_is_an_error() -> None:
    start, _, rest = PLAIN.partition("[case.sources]")
    with pytest.raises(ConfigError, match="harbour-2020-ferry: sources: a case without a source is left out"):
        book(start + "[case.reported]" + rest.partition("[case.reported]")[2])


@pytest.mark.parametrize("text", ["[[case]", "title = 3\n", "[case]\nid = 'x'\n", "\x00"])
def test_broken_file_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match=r"casebook/invented\.toml"):
        book(text)


def test_every_fact_that_a_case_can_hold_is_a_fact_of_the_advice() -> None:
    known = {each.name for each in fields(Facts)}
    for case in load_casebook().cases:
        assert {*case.coded, *(fact.key for fact in case.reported)} <= known, case.id


def test_praise_is_in_the_book_and_asks_for_nothing() -> None:
    praised = [case for case in load_casebook().cases if case.facts.kind is Kind.PRAISE]
    assert praised
    assert all(set(case.did) <= {Action.NONE} for case in praised)


def test_worked_examples_of_the_documents_are_coded_as_agreed() -> None:
    lockheed = load_casebook().case("lockheed-2018-photo-day").facts
    assert (lockheed.cause, lockheed.asks_for_content, lockheed.harm_to_people) == (Cause.VALUES_CHALLENGE, True, None)
    cola = load_casebook().case("coca-cola-2015-makeithappy").facts
    assert (cola.trigger, cola.responsibility) == (Trigger.AUTOMATED_POST, Responsibility.VICTIM)
