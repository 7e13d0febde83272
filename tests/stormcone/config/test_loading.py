from pathlib import Path

import pytest

from alerts.channels.email import EmailSettings
from collectors.file import FileSettings
from stormcone.config import BrandSettings, Config, default_path, load_config
from stormcone.errors import ConfigError

WHOLE = """
[store]
url = "sqlite:///storm.db"
[watch]
tick_seconds = 2
[collectors]
lease_seconds = 5
[collectors.file]
path = "drop"
enabled = false
[dashboard]
port = 0
[[brand]]
name = "acme"
keywords = ["acme"]
accounts = [{ platform = "x", handle = "acme", role = "executive" }]
competitors = ["other"]
time_zone = "Europe/Helsinki"
planned_events = [{ name = "launch", first_day = 2026-03-02, last_day = 2026-03-03 }]
[[brand]]
name = "other"
[[people]]
id = "ann"
channels = ["mail"]
[[channels]]
id = "mail"
type = "email"
host = "127.0.0.1"
from = "storm@acme.test"
to = "ann@acme.test"
password_env = "MAIL_PASSWORD"
[rota]
people = ["ann"]
handover = "Fri 17:30"
catch_all = "ann"
[escalation]
steps = [{ after_seconds = 0, notify = ["primary"] }, { after_minutes = 5, notify = ["ann"] }]
"""


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def said(tmp_path: Path, text: str) -> str:
    """Return what is wrong with a config, after the name of the file."""
    file = write(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_config(file)
    message = str(raised.value)
    assert message.startswith(f"{file}: ")
    assert message.isprintable()
    assert raised.value.exit_code == 2
    return message.removeprefix(f"{file}: ")


def test_a_whole_config_is_read(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, WHOLE))
    assert (config.store.url, config.watch.tick_seconds, config.lease_seconds) == ("sqlite:///storm.db", 2, 5)
    assert config.folder == str(tmp_path)
    assert isinstance(config.sources["file"], FileSettings)
    assert config.enabled_sources == {}
    acme = config.brand_named("acme")
    assert (acme.accounts[0].role, acme.zone.key) == ("executive", "Europe/Helsinki")
    assert acme.planned_events[0].last_day.isoformat() == "2026-03-03"
    (mail,) = config.channels
    assert isinstance(mail, EmailSettings)
    assert (mail.sender, mail.recipients) == ("storm@acme.test", ("ann@acme.test",))
    assert [step.delay_seconds for step in config.escalation.steps] == [0, 300]


def test_an_empty_config_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == Config(folder=str(tmp_path))
    assert Config().brand_named("nobody wrote") == BrandSettings(name="nobody wrote")


def test_a_byte_order_mark_in_front_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf[watch]\ntick_seconds = 3\n")
    assert load_config(file).watch.tick_seconds == 3


BRAND = "[[brand]]\nname = 'acme'\n"
ANN = "[[people]]\nid = 'ann'\nchannels = ['mail']\n"
MAIL = "[[channels]]\nid = 'mail'\ntype = 'email'\nhost = 'h'\nfrom = 'a@b.test'\nto = 'c@d.test'\n"


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ("[wach]\n", "wach", "watch"),
        ("[[brands]]\nname = 'acme'\n", "brands", "brand"),
        ("[watch]\ntick_second = 5\n", "watch.tick_second", "tick_seconds"),
        ("[detector]\nwarm_up_hour = 5\n", "detector.warm_up_hour", "warm_up_hours"),
        (BRAND + "keywrods = ['a']\n", "brand.acme.keywrods", "keywords"),
        (BRAND + "accounts = [{ platfrom = 'x', handle = 'a' }]\n", "brand.acme.accounts.1.platfrom", "platform"),
        ("[[people]]\nid = 'ann'\nchannels = ['m']\ntimezone = 'UTC'\n", "people.ann.timezone", "time_zone"),
        ("[collectors]\nlease_second = 5\n", "collectors.lease_second", "lease_seconds"),
        ("[collectors.fil]\npath = 'drop'\n", "collectors.fil", "file"),
        ("[collectors.file]\npath = 'drop'\npoll_second = 5\n", "collectors.file.poll_second", "poll_seconds"),
        (MAIL + "form = 'e@f.test'\n", "channels.mail.form", "from"),
        (MAIL + "pasword_env = 'P'\n", "channels.mail.pasword_env", "password_env"),
        (
            "[escalation]\nsteps = [{ after_seconds = 0, notify = ['lead'] }, { after_second = 5 }]\n",
            "escalation.steps.2.after_second",
            "after_seconds",
        ),
    ],
)
def test_an_unknown_key_at_any_depth_is_named_with_the_one_it_looks_like(
    tmp_path: Path, text: str, key: str, near: str
) -> None:
    assert said(tmp_path, text) == f"{key}: unknown key; did you mean {near}?"


def test_an_unknown_key_that_looks_like_none_is_told_the_known_ones_but_not_its_value(tmp_path: Path) -> None:
    message = said(tmp_path, "[dashboard]\nzzz = 'hunter-two'\n")
    assert message == ("dashboard.zzz: unknown key; known are allow_public, host, port, public_url, refresh_seconds")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("watch = 5\n", "watch: is a section; write [watch] above its keys"),
        ("collectors = 5\n", "collectors: is a section; write [collectors] above its keys"),
        ("[brand]\nname = 'acme'\n", "brand: is a list; write [[brand]], in two brackets, above each entry"),
        ("channels = ['a']\n", "channels: is a list; write [[channels]], in two brackets, above each entry"),
        ("[collectors]\nfile = 5\n", "collectors.file = '5': write a table, such as { key = value }"),
        (BRAND + "keywords = 'acme'\n", "brand.acme.keywords = 'acme': write a list, such as [\"...\"]"),
        (BRAND + "accounts = ['x']\n", "brand.acme.accounts.1 = 'x': write a table, such as { key = value }"),
        ("[[brand]]\nkeywords = []\n", "brand.1.name: is needed; add it"),
        ("[collectors.file]\n", "collectors.file.path: is needed; add it"),
        (MAIL.replace("from = 'a@b.test'\n", ""), "channels.mail.from: is needed; add it"),
        (
            "[collectors]\nlease_seconds = 0\n",
            "collectors.lease_seconds = '0': input should be greater than 0",
        ),
        (
            "[watch]\ntick_seconds = 'soon'\n",
            "watch.tick_seconds = 'soon': input should be a valid number, unable to parse string as a number",
        ),
        (
            "[[channels]]\nid = 'a'\ntype = 'pigeon'\n",
            "channels.a.type = 'pigeon': give one of apprise, console, discord, email",
        ),
        ("[[channels]]\nid = 'a'\n", "channels.a.type: give one of apprise, console, discord, email"),
        ("[[channels]]\nid = 'a'\ntype = ['email']\n", "channels.a.type = \"['email']\": give one of"),
        (BRAND + "time_zone = 'Mars'\n", "brand.acme.time_zone = 'Mars': not a time zone; use a name such as"),
        (BRAND + "time_zone = '../etc/passwd'\n", "brand.acme.time_zone = '../etc/passwd': not a time zone"),
        ("[rota]\nhandover = 'Monday 9'\n", "rota.handover = 'Monday 9': give a day and a time, such as Mon 09:00"),
        ("[rota]\nhandover = 'Mon 24:00'\n", "rota.handover = 'Mon 24:00': give a day and a time"),
        ('"a\\nb\\u202e" = 1\n', "a\\nb\\u202e: unknown key; known are"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_remedy(tmp_path: Path, text: str, message: str) -> None:
    assert said(tmp_path, text).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BRAND + BRAND, "brand.name = 'acme': stands twice; every name is used once"),
        (MAIL + MAIL, "channels.id = 'mail': stands twice"),
        (
            MAIL + 2 * "[[people]]\nid = 'ann'\nchannels = ['mail']\n",
            "people.id = 'ann': stands twice",
        ),
        (MAIL + "[[people]]\nid = 'ann'\nchannels = ['mial']\n", "people.ann.channels = 'mial': did you mean mail?"),
        (MAIL + "fallback = 'mail'\n", "channels.mail.fallback = 'mail': names nothing"),
        ("[[people]]\nid = 'ann'\nchannels = ['mail']\n", "people.ann.channels = 'mail': names nothing"),
        ("[rota]\npeople = ['ann']\n", "rota.people = 'ann': names nothing"),
        ("[rota]\ncatch_all = 'ann'\n", "rota.catch_all = 'ann': names nothing"),
        (
            MAIL
            + ANN
            + "[rota]\npeople = ['ann']\noverrides = [{ person = 'bo', from = 2026-01-01, until = 2026-01-02 }]\n",
            "rota.overrides.person = 'bo': known are ann",
        ),
        (MAIL + ANN + "brands = ['acme']\n", "people.ann.brands = 'acme': names nothing"),
        (MAIL + ANN + "[rota]\npeople = []\n", "rota.people: nobody is on call; name ids of [[people]] here"),
        (
            MAIL + ANN + "[escalation]\nsteps = [{ after_seconds = 0, notify = ['primary'] }]\n",
            "rota.people: nobody is on call; name ids of [[people]] here",
        ),
        (
            MAIL
            + ANN
            + "[rota]\npeople = ['ann']\nholidays = [{ person = 'ann', from = 2026-01-01, until = 2026-01-03 }]\n",
            "rota.holidays: nobody is on call at 2026-01-01 00:00 UTC; name a catch_all",
        ),
        (
            "[escalation]\nsteps = [{ after_seconds = 0, notify = ['primray'] }]\n",
            "escalation.steps.notify = 'primray': did you mean primary?",
        ),
        (BRAND + "competitors = ['acmee']\n", "brand.acme.competitors = 'acmee': did you mean acme?"),
    ],
)
def test_a_name_that_points_nowhere_or_stands_twice_is_found_at_once(tmp_path: Path, text: str, message: str) -> None:
    assert said(tmp_path, text).startswith(message)


def test_a_file_that_is_not_toml_is_told_where(tmp_path: Path) -> None:
    assert "line 2" in said(tmp_path, "[watch]\ntick_seconds five\n")


def test_a_file_that_is_not_utf_8_is_told_where(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("[[brand]]\nname = 'Bänk'".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"config\.toml: is not UTF-8 \(byte 19\); save it as UTF-8"):
        load_config(file)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: no such file; name one with --config"):
        load_config(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_the_environment_may_name_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORMCONE_CONFIG", raising=False)
    assert default_path() == Path("config.toml")
    monkeypatch.setenv("STORMCONE_CONFIG", "elsewhere/storm.toml")
    assert default_path() == Path("elsewhere/storm.toml")


@pytest.mark.parametrize(
    "ladder", ["", "[escalation]\nsteps = [{ after_seconds = 0, notify = ['ann', 'everyone'] }]\n"]
)
def test_people_without_a_rota_need_none_where_no_role_is_named(tmp_path: Path, ladder: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(MAIL + ANN + ladder)
    assert [person.id for person in load_config(path).people] == ["ann"]
