"""[severity] and the brand's profile: what may stand there, and what is refused."""

from pathlib import Path

import pytest

from stormcone.config import BrandProfile, SeveritySettings, load_config
from stormcone.errors import ConfigError


def load(tmp_path: Path, text: str) -> tuple[SeveritySettings, BrandProfile]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    config = load_config(file)
    return config.severity, config.brand_named("acme").profile


def test_thresholds_and_profile_are_read(tmp_path: Path) -> None:
    severity, profile = load(
        tmp_path,
        "[severity]\nprojected_against = [1, 2, 3, 4]\n[[brand]]\nname = 'acme'\n"
        "[brand.profile]\naudience = 40_000\ntolerance = 'low'\nsensitive_topics = ['animal testing']\n",
    )
    assert severity.projected_against == (1, 2, 3, 4)
    assert profile == BrandProfile(audience=40_000, tolerance="low", sensitive_topics=("animal testing",))


def test_nothing_written_is_an_ordinary_brand(tmp_path: Path) -> None:
    severity, profile = load(tmp_path, "[[brand]]\nname = 'acme'\n")
    assert severity == SeveritySettings()
    assert (profile.audience, profile.tolerance, profile.sensitive_topics) == (None, "normal", ())


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("[severity]\nprojected_against = [30, 30, 600, 2500]\n", "four rising numbers"),
        ("[severity]\nprojected_against = [0, 1, 2, 3]\n", "four rising numbers"),
        ("[severity]\nprojected_against = [30, 150]\n", "projected_against"),
        ("[severity]\nharm_shares = 0.2\n", "harm_share"),
        ("[severity]\ncrossing_minutes = 2000\n", "1440"),
        ("[[brand]]\nname = 'acme'\nprofile = { audience = 0 }\n", "audience"),
        ("[[brand]]\nname = 'acme'\nprofile = { tolerance = 'lowest' }\n", "tolerance"),
        ("[[brand]]\nname = 'acme'\nprofile = { sensitive_topics = ['*'] }\n", "'*' is no topic"),
        ("[[brand]]\nname = 'acme'\nprofile = { audiense = 5 }\n", "audience"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, text: str, near: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)
    assert near in str(raised.value)


def test_shipped_settings_repeat_the_defaults() -> None:
    shipped = load_config(Path(__file__).parents[3] / "config.toml")
    assert shipped.severity == SeveritySettings()
    assert shipped.severity.model_fields_set == set(SeveritySettings.model_fields)
