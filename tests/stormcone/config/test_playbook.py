"""[playbook]: wrong slots, roles and hooks are refused by key and remedy; a telephone number is never repeated."""

from collections import Counter
from pathlib import Path

import pytest

from stormcone.config import Config, load_config
from stormcone.config.playbook import Slot, pieces_of, shipped_statements, shipped_steps
from stormcone.errors import ConfigError
from stormcone.models import Action, Cause, Kind

PHONE = "+358 40 5550199"
WHOLE = f"""
[[brand]]
name = "acme"
[[people]]
id = "ann"
channels = ["console"]
[[channels]]
id = "console"
type = "console"
[playbook]
language = "fi"
channel_for_help = "help.example"
channels_for_help = {{ acme = "help.acme.example" }}
[[playbook.statements]]
language = "en"
kind = "backlash"
cause = "hacked"
text = "{{brand}}: {{{{we}}}} say {{next_update}}"
[[playbook.roles]]
role = "lead"
person = "ann"
phone = "{PHONE}"
[[playbook.roles]]
role = "law or records"
name = "Eeva"
note = "office hours"
[[playbook.steps]]
action = "hold"
who = "lead"
within_minutes = 3
text = "Call the plant."
[playbook.pause]
url_env = "QUEUE_URL"
secret_env = "QUEUE_KEY"
"""


def load(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file)


def said(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)
    message = str(raised.value)
    assert message.isprintable()
    return message.partition("config.toml: ")[2]


def test_a_whole_playbook_is_read(tmp_path: Path) -> None:
    playbook = load(tmp_path, WHOLE).playbook
    assert (playbook.help_for("acme"), playbook.help_for("other")) == ("help.acme.example", "help.example")
    assert [(each.role, each.who) for each in playbook.roles] == [("lead", "ann"), ("law or records", "Eeva")]
    assert playbook.roles[0].phone is not None
    assert playbook.roles[0].phone.get_secret_value() == PHONE
    assert [each.text for each in playbook.steps_of(Action.HOLD)] == ["Call the plant."]
    assert len(playbook.steps_of(Action.APOLOGISE)) > 1  # what comes with Stormcone


def test_settings_as_a_log_would_print_them_hold_no_number(tmp_path: Path) -> None:
    config = load(tmp_path, WHOLE)
    assert PHONE not in repr(config) + str(config) + config.playbook.model_dump_json()


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("{topik} is wrong", "playbook.statements.1.text", "did you mean topic?"),
        ("{brand.name}", "playbook.statements.1.text", "unknown slot {brand.name}"),
        ("{brand!r}", "playbook.statements.1.text", "unknown slot {brand!r}"),
        ("{brand:>9}", "playbook.statements.1.text", "unknown slot {brand:>9}"),
        ("{}", "playbook.statements.1.text", "known are brand, channel_for_help"),
        ("{brand", "playbook.statements.1.text", "a brace has no partner"),
    ],
)
def test_an_unknown_slot_is_named_with_key_and_remedy(tmp_path: Path, text: str, key: str, remedy: str) -> None:
    told = said(tmp_path, f"[[playbook.statements]]\nlanguage = 'en'\ntext = '{text}'\n")
    assert told.startswith(key)
    assert remedy in told


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("[playbook]\nlanguge = 'en'\n", "playbook.languge", "language"),
        ("[playbook]\nlanguage = 'english'\n", "playbook.language", "match"),
        ("[playbook]\nchannels_for_help = { acne = 'x' }\n[[brand]]\nname = 'acme'\n", "acne", "did you mean acme?"),
        ("[playbook.pause]\nurl_env = 'U'\n", "playbook.pause", "give both url_env and secret_env"),
        ("[[playbook.steps]]\naction = 'hide'\nwho = 'x'\nwithin_minutes = 1\ntext = 'x'\n", "steps.1.action", "hold"),
        ("[[playbook.roles]]\nrole = 'lead'\n", "playbook.roles.lead", "either person"),
        ("[[playbook.roles]]\nrole = 'lead'\nperson = 'a'\nname = 'b'\n", "playbook.roles.lead", "either person"),
        ("[[playbook.roles]]\nrole = 'lead'\nperson = 'bob'\n", "playbook.roles.lead.person", "use name"),
        ("playbook = 'x'\n", "playbook", "is a section"),
        ("[playbook]\nsteps = ['x']\n", "playbook.steps", "[[playbook.steps]]"),
        (
            "[playbook]\nstatements = [{ language = 'en', text = 'a' }, { language = 'en', text = 'b' }]\n",
            "playbook.statements.2",
            "stands twice",
        ),
    ],
)
def test_what_cannot_work_is_told_by_key_with_a_remedy(tmp_path: Path, text: str, key: str, remedy: str) -> None:
    told = said(tmp_path, text)
    assert key in told
    assert remedy in told


@pytest.mark.parametrize(
    "text",
    [
        "[[playbook.roles]]\nrole = 'lead'\nname = 'A'\nphone = 358405550199\n",
        "[[playbook.roles]]\nrole = 'lead'\nname = 'A'\nphone = ['358405550199']\n",
        "[[playbook.roles]]\nrole = 'lead'\nname = 'A'\nphone = '358405550199 358405550199 358405550199 300'\n",
        "[playbook.roles]\nrole = 'lead'\nphone = '358405550199'\n",
        "[[playbook.roles]]\nrole = 'lead'\nphone = '358405550199'\n",
        "[[playbook.roles]]\nphone = '358405550199'\n",
        "[[playbook.roles]]\nrole = 'lead'\nname = 'A'\nphone = '358405550199'\nmail = 'x'\n",
    ],
)
def test_no_error_repeats_a_telephone_number(tmp_path: Path, text: str) -> None:
    told = said(tmp_path, text)
    assert "playbook.roles" in told
    assert "5550199" not in told


def test_what_comes_with_stormcone_covers_every_language_and_action() -> None:
    by_language = Counter(each.language for each in shipped_statements())
    assert set(by_language) == {"en", "hu", "fi"}
    assert len(set(by_language.values())) == 1
    meant = [(each.language, each.kind, each.cause) for each in shipped_statements()]
    assert len(set(meant)) == len(meant)
    assert {each.kind for each in shipped_statements() if each.kind} == set(Kind) - {Kind.PRAISE, Kind.CAMPAIGN}
    assert {each.cause for each in shipped_statements() if each.cause} == set(Cause) - {Cause.TROLL, Cause.NONE}
    assert {each.action for each in shipped_steps()} == set(Action) - {Action.NONE}


def test_the_three_languages_of_a_statement_leave_the_same_slots() -> None:
    slots: dict[tuple[Kind | None, Cause | None], set[frozenset[Slot]]] = {}
    for each in shipped_statements():
        used = frozenset(slot for _, slot in pieces_of(each.text) if slot)
        slots.setdefault((each.kind, each.cause), set()).add(used)
        assert Slot.BRAND in used
    assert [meant for meant, found in slots.items() if len(found) > 1] == []


def test_before_a_deletion_evidence_and_law_come_first_and_the_watch_comes_last() -> None:
    for action in (Action.DELETE_WITH_NOTICE, Action.REMOVE_AFTER_APPROVAL):
        steps = [each for each in shipped_steps() if each.action is action]
        assert "evidence" in steps[0].text.lower()
        assert steps[1].who == "law or records"
        assert "screenshot" in steps[-1].text
        assert [each.within_minutes for each in steps] == sorted(each.within_minutes for each in steps)


def test_the_shipped_settings_have_no_hook() -> None:
    shipped = load_config(Path(__file__).parents[3] / "config.toml")
    assert shipped.playbook.pause.url_env is None
