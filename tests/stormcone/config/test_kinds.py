"""[kinds]: what is written counts, what makes no sense is refused, and the shipped file repeats every default."""

from pathlib import Path

import pytest

from stormcone.config import KindSettings, load_config
from stormcone.errors import ConfigError


def load(tmp_path: Path, text: str) -> KindSettings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path).kinds


def test_what_is_written_counts_and_the_rest_is_default(tmp_path: Path) -> None:
    kinds = load(tmp_path, "[kinds]\nyoung_days = 7\nbrigade_accounts = 20\n")
    assert kinds == KindSettings(young_days=7, brigade_accounts=20)
    assert load(tmp_path, "") == KindSettings()


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("young_day = 7", "did you mean young_days?"),
        ("most_share = 50", "less than or equal to 1"),
        ("even_variation = 1.0", "less than 1"),
        ("alike_words = 80", "less than or equal to 40"),
        ("alike_loosely = 0.6", "not be less than alike_loosely, which is 0.6"),
        ("brigade_share = 0.2", "not be less than brigade_sure_share"),
        ("brigade_warns_accounts = 5", "not be less than brigade_opens_accounts, which is 20"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, text: str, near: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, f"[kinds]\n{text}\n")
    assert near in str(raised.value)


def test_shipped_settings_repeat_the_defaults() -> None:
    shipped = load_config(Path(__file__).parents[3] / "config.toml")
    assert shipped.kinds == KindSettings()
    assert shipped.kinds.model_fields_set == set(KindSettings.model_fields)
