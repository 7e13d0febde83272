"""From stored mentions to an explained transition: what is told, what is kept, what a restart remembers."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from stormcone.journal import read_verdict, transition_line
from stormcone.models import Batch, Explanation, Lever, Mention, Moment, Transition
from stormcone.pipeline import Pipeline
from stormcone.pipeline.restoring import restore
from tests.fakes import AT, POST, at, make_mention
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm, play

MATTER = ("the school books you pulped", "school books in a skip", "pulping school books", "my kids need school books")
USUAL = "shame about the late parcel, number {n}"


def about_books(number: int) -> dict[str, Any]:
    return {
        "text": f"shame on you, {MATTER[number % 4]} w{number}q",
        "author_followers": 250_000 if number == 20 else number,
        "url": f"https://social.test/{number}",
    }


def grumbling(days: float) -> list[Mention]:
    """Return a month in miniature: whoever speaks speaks of parcels, and every third is angry."""
    calm = make_calm(days)
    return [
        make_mention(
            f"grumble-{n}",
            author=each.author,
            text=USUAL.format(n=n) if n % 3 == 0 else f"a parcel for number {n}",
            parent_id=None,
            root_id=None,
            posted_at=each.posted_at,
            seen_at=each.seen_at,
        )
        for n, each in enumerate(calm)
    ]


def explanations(happened: Sequence[Transition]) -> list[Explanation]:
    verdicts = [each.verdict for each in happened if each.verdict is not None]
    return [verdict.explanation for verdict in verdicts if verdict.explanation is not None]


def storm(pipeline: Pipeline, *, until: float = 30) -> list[Transition]:
    return play(pipeline, [*grumbling(2), *make_storm(60, change=about_books)], until=until)


def test_a_page_is_explained_by_the_matter_and_who_carried_it() -> None:
    pipeline, _ = make_pipeline()
    happened = storm(pipeline)
    told = explanations(happened)[-1]
    phrases = {topic.phrase for topic in told.phrases}
    assert told.phrases[0].phrase == "school books"
    assert phrases.isdisjoint({"the", "you", "acme", "shame", "parcel", "number"})
    assert told.carriers.first_amplifier is not None
    assert told.carriers.first_amplifier.author == "stranger-20"
    assert told.carriers.known_share == 1.0
    assert len(told.exemplars) == 3


def test_what_an_explanation_names_is_kept_as_evidence_exemplars_first() -> None:
    pipeline, _ = make_pipeline()
    happened = storm(pipeline)
    kept = {(each.platform, each.mention_id): each for each in pipeline.store.incidents.evidence(1)}
    for told in explanations(happened):
        for exemplar in told.exemplars:
            assert kept[exemplar.platform, exemplar.mention_id].text == exemplar.text
        for carrier in told.carriers.top_reach:
            assert kept[carrier.platform, carrier.mention_id].author == carrier.author
    stored = [read_verdict(each.verdict_json or "") for each in pipeline.store.incidents.events(1)]
    assert stored[-1].explanation is not None
    assert set(stored[-1].explanation.exemplars) <= set(kept)


def test_only_what_becomes_a_transition_is_explained_and_an_end_is_not() -> None:
    pipeline, _ = make_pipeline()
    happened = storm(pipeline, until=600)
    explained = {each.moment for each in happened if each.verdict and each.verdict.explanation}
    told = {Moment.OPENED, Moment.UPDATED, Moment.EXPLAINED, Moment.COOLING}
    assert explained == told & {each.moment for each in happened}
    assert happened[-1].moment is Moment.RESOLVED
    newest = pipeline.store.readings.newest("acme")
    assert newest is not None
    assert "explanation" not in json.loads(newest)


def test_the_line_of_a_replay_names_the_matter_and_nobody() -> None:
    pipeline, _ = make_pipeline()
    line = transition_line(storm(pipeline)[-1])
    told = json.loads(line)["explanation"]
    assert told["phrases"][0]["phrase"] == "school books"
    assert all({"lever", "now", "needed", "level", "kind", "text"} == set(each) for each in told["would_change"])
    assert "social.test" not in line
    assert "shame on you" not in line


def test_what_would_change_is_asked_of_the_verdict_that_was_told() -> None:
    pipeline, _ = make_pipeline()
    found = 0
    for transition in storm(pipeline):
        verdict = transition.verdict
        assert verdict is not None
        assert verdict.explanation is not None
        for each in verdict.explanation.would_change:
            assert (each.level, each.kind) != (verdict.level, verdict.kind)
        levers = {each.lever: each for each in verdict.explanation.would_change}
        if Lever.AGAINST in levers:
            found += 1
            assert levers[Lever.AGAINST].level < verdict.level
    assert found


def test_the_share_that_is_told_of_a_stream_is_measured_as_the_stream_measures() -> None:
    """The case of a real stream, looked at again unchanged, is the same case."""
    pipeline, _ = make_pipeline()
    free = [
        make_mention(
            f"f{n}", author=f"s{n}", text="shame on acme", root_id=None, parent_id=None, posted_at=t, seen_at=t
        )
        for n, t in enumerate(at(1 + n / 9) for n in range(90))
    ]
    play(pipeline, [*grumbling(2), *free], until=20)
    watch = pipeline.brands.get("acme").watch
    case = watch._cases[None]
    again = watch._judge.seen_anew(case, case.view)
    assert again.evidence.share_surprise == pytest.approx(case.evidence.share_surprise)
    assert again.evidence.is_composition_abnormal == case.evidence.is_composition_abnormal


def test_after_a_restart_the_same_phrases_are_told() -> None:
    past = [*grumbling(2), *make_storm(20, AT - timedelta(hours=20), change=about_books)]
    fresh = make_storm(40, at(5), change=lambda n: about_books(n) | {"id": f"again-{n}", "author": f"other-{n}"})[1:]
    ran_on, _ = make_pipeline()
    stopped, _ = make_pipeline()
    for pipeline in (ran_on, stopped):
        play(pipeline, past, until=4)
    restarted, _ = make_pipeline(stopped.store)
    restore(restarted.store, restarted.brands, restarted.around, at(4))
    ours, theirs = (each.brands.get("acme").feed.background for each in (ran_on, restarted))
    assert theirs.texts == pytest.approx(ours.texts, rel=0.02)
    for term in ("parcel", "late parcel", "school books", "number"):
        assert theirs.share(term) == pytest.approx(ours.share(term), rel=0.05), term
    told = [explanations(play(pipeline, fresh, until=30))[-1].phrases for pipeline in (ran_on, restarted)]
    assert [topic.phrase for topic in told[0]] == [topic.phrase for topic in told[1]]
    assert told[1][0].phrase == "school books"


def test_a_storm_that_is_over_is_no_background_after_a_restart_either() -> None:
    pipeline, _ = make_pipeline()
    storm(pipeline, until=600)
    assert not pipeline.store.incidents.live()
    restarted, _ = make_pipeline(pipeline.store)
    restore(restarted.store, restarted.brands, restarted.around, at(600))
    background = restarted.brands.get("acme").feed.background
    assert background.texts > 50
    assert background.count("school books") == 0
    assert background.count("parcel") > 50


def test_counting_votes_anew_keeps_the_background() -> None:
    pipeline, _ = make_pipeline()
    pipeline.ingest.take(Batch(mentions=tuple(grumbling(1))))
    before = pipeline.brands.get("acme").feed
    pipeline.brands.forget_votes()
    assert pipeline.brands.get("acme").feed is before
    pipeline.brands.forget()
    assert pipeline.brands.get("acme").feed.background.texts == 0


@pytest.mark.parametrize("sign", ["\x00", "\u202e", "<script>", "=cmd()", "**", "😡" * 999])
def test_hostile_signs_reach_no_phrase(sign: str) -> None:
    def spoiled(number: int) -> dict[str, Any]:
        return about_books(number) | {"text": f"shame {sign}school{sign} {sign}books{sign} {sign} {number}"}

    pipeline, _ = make_pipeline()
    happened = play(pipeline, [*grumbling(1), *make_storm(60, change=spoiled)], until=30)
    phrases = [topic.phrase for told in explanations(happened) for topic in told.phrases]
    assert all(phrase.replace(" ", "").isalnum() for phrase in phrases)
    assert happened[-1].incident.post == POST


def test_a_running_storm_is_explained_anew_after_pauses_that_double() -> None:
    pipeline, _ = make_pipeline()
    happened = storm(pipeline, until=12)
    anew = [each for each in happened if each.moment is Moment.EXPLAINED]
    first, second = happened[0], anew[0]
    assert first.moment is Moment.OPENED
    assert second.at - first.at >= timedelta(minutes=5)
    assert explanations(anew)[-1].phrases[0].phrase == "school books"
    assert all(later.at - earlier.at >= timedelta(minutes=10) for earlier, later in pairwise(anew))


def test_what_is_explained_anew_is_told_to_nobody() -> None:
    pipeline, _ = make_pipeline()
    happened = storm(pipeline, until=12)
    (explained, *_) = [each for each in happened if each.moment is Moment.EXPLAINED]
    assert explained.incident.id is not None
    notices = pipeline.store.notices.of_incident(explained.incident.id)
    assert all(notice.moment is not Moment.EXPLAINED for notice in notices)
    assert explained.incident.state.is_live
