"""The section Why of an incident's page: the matter, typical replies, carriers, what moved, what would change it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard.why_view import read_why
from stormcone.config import EscalationSettings
from stormcone.config.detector import DetectorSettings
from stormcone.incidents import observe
from stormcone.journal import kept_line, read_verdict
from stormcone.models import Evidence, Explanation, Incident, Level, Topic, Transition
from tests.dashboard.seeding import REASONS, Scene
from tests.fakes import make_transition, make_verdict
from tests.stormcone.explained import EXPLANATION, LOUD

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
EVIL = "![](http://evil.test/x) <script>alert(1)</script> **now** :red[$x$]"


def pieces_of(scene: Scene, explanation: Explanation) -> tuple[Evidence, ...]:
    (exemplar,) = explanation.exemplars
    reply = replace(
        scene.evidence(exemplar.text, author=exemplar.author or "", url=exemplar.url), mention_id="m-1", platform="x"
    )
    carrier = replace(scene.evidence("look at this", author=LOUD.author, url=LOUD.url), mention_id="m-2", platform="x")
    return (reply, carrier)


def explained_incident(
    scene: Scene, explanation: Explanation, *, pieces: tuple[Evidence, ...] | None = None
) -> Incident:
    at = scene.now - timedelta(minutes=20)
    moved = tuple(replace(each, surprise=s) for each, s in zip(REASONS, (9.25, -31.5, None), strict=True))
    verdict = replace(scene.verdict(at, Level.WARN), explanation=explanation, reasons=moved)
    change = observe(None, verdict, DetectorSettings(), EscalationSettings())
    assert change.transition is not None
    return scene.store.incidents.apply(
        change.transition,
        notices_for=lambda _incident: (),
        verdict_json=kept_line(change.transition),
        pieces=pieces_of(scene, explanation) if pieces is None else pieces,
    ).incident


def why(incident: Incident) -> Any:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.query_params["incident"] = str(incident.id)
    app.switch_page("pages/2_incidents.py").run()
    assert not app.exception
    return app.container(key="incident_why")


def words(block: Any) -> str:
    return " ".join(each.value for each in [*block.subheader, *block.markdown, *block.html, *block.caption])


def test_it_says_what_they_are_angry_about_who_carried_it_and_what_would_change(scene: Scene) -> None:
    section = why(explained_incident(scene, EXPLANATION))
    said = words(section)
    assert "They are angry about **school books** 9 people" in said
    assert "<b>loud</b> on x, 120,000 followers, the first large account, passed it on" in said
    assert "Followers are known of 75 % of those against" in said
    assert "With 2 more people openly against, it would be a page." in said
    assert "from the words of 11 people" in said
    typical = section.dataframe[0].value
    assert list(typical["Typical replies"]) == ["you pulped the school books of poor kids"]
    assert list(typical["Link"]) == ["https://social.test/m-1"]


def test_the_signal_that_moved_most_comes_first_with_how_much(scene: Scene) -> None:
    said = words(why(explained_incident(scene, EXPLANATION)))
    first, second = said.index("31.5 times the usual spread below"), said.index("9.2 times the usual spread above")
    assert first < second
    assert "1,200,000 followers:" not in said  # context has no surprise


def test_strangers_words_are_never_markup(scene: Scene) -> None:
    loud = replace(LOUD, author=EVIL)
    spoiled = replace(
        EXPLANATION,
        phrases=(Topic(phrase=EVIL, z=4, count=3),),
        carriers=replace(EXPLANATION.carriers, first_amplifier=loud, top_reach=(loud,), rule=EVIL),
        exemplars=(replace(EXPLANATION.exemplars[0], text=EVIL, author=EVIL, url="javascript:alert(1)"),),
        would_change=(replace(EXPLANATION.would_change[0], text=EVIL),),
    )
    reply, carrier = pieces_of(scene, spoiled)
    section = why(explained_incident(scene, spoiled, pieces=(reply, replace(carrier, author=EVIL))))
    for drawn in (*section.html, *section.markdown, *section.caption):
        assert "<script>" not in drawn.value
        assert "http://evil.test" not in drawn.value
    for drawn in (*section.markdown, *section.caption):
        assert ":red[" not in drawn.value
        assert "![](" not in drawn.value
    assert not section.dataframe[0].value["Link"][0]


def test_what_was_forgotten_as_evidence_is_not_shown(scene: Scene) -> None:
    section = why(explained_incident(scene, EXPLANATION, pieces=()))
    said = words(section)
    assert not section.dataframe
    assert "loud" not in said
    assert "<b>unknown</b> on x, 120,000 followers" in said


def test_an_incident_from_before_explanations_says_so(scene: Scene) -> None:
    assert "Nothing was explained of this incident." in words(why(scene.with_incident()))


def test_nothing_that_stands_out_is_said_as_that(scene: Scene) -> None:
    carriers = replace(EXPLANATION.carriers, first_amplifier=None, top_reach=())
    none = replace(EXPLANATION, phrases=(), carriers=carriers, exemplars=(), would_change=())
    said = words(why(explained_incident(scene, none, pieces=())))
    assert "No one matter stands out" in said
    assert "No large account joined" in said
    assert "would change the verdict" not in said


def stored(transition: Transition) -> Any:
    return read_verdict(kept_line(transition))


def test_the_newest_explanation_is_shown_when_the_end_has_none() -> None:
    older = stored(make_transition(verdict=make_verdict(minutes=0, explanation=replace(EXPLANATION, texts=5))))
    newer = stored(make_transition(verdict=make_verdict(minutes=9, explanation=EXPLANATION)))
    ended = stored(make_transition(verdict=make_verdict(Level.CALM, minutes=90)))
    view = read_why([ended, newer, older], ())
    assert view is not None
    assert view.texts == 11
    assert read_why([ended], ()) is None
