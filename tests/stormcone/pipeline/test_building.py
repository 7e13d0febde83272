import pytest

from alerts.channels.webhook import WebhookSettings
from collectors.file import FileCollector, FileSettings
from stormcone.config import AccountSettings, BrandSettings, Config, DetectorSettings
from stormcone.errors import ConfigError
from stormcone.pipeline.building import build_channels, build_collectors, missing_secret, refuse_deaf_channels
from tests.fakes import AT
from tests.stormcone.pipeline.parts import make_pipeline

HOOK = WebhookSettings(id="hook", type="webhook", url="http://127.0.0.1:9/", secret_env="HOOK_KEY")


def test_a_brand_that_no_setting_names_gets_the_defaults() -> None:
    config = Config(brands=(BrandSettings(name="acme", false_pages_per_month=7),))
    pipeline, _ = make_pipeline(config=config)
    assert pipeline.brands.get("acme").watch.brand.false_pages_per_month == 7
    assert pipeline.brands.get("unheard of").watch.brand == BrandSettings(name="unheard of")
    assert pipeline.brands.get("acme") is pipeline.brands.get("acme")


def test_forgetting_brands_forgets_what_was_learned_and_forgetting_votes_does_not() -> None:
    pipeline, _ = make_pipeline()
    before = pipeline.brands.get("acme")
    pipeline.brands.forget_votes()
    after = pipeline.brands.get("acme")
    assert after.watch is before.watch
    assert after.ballot is not before.ballot
    pipeline.brands.forget()
    assert pipeline.brands.get("acme").watch is not before.watch


def test_a_channel_gets_the_secret_it_names_and_no_other() -> None:
    channels = build_channels(Config(channels=(HOOK,)), {"HOOK_KEY": "planted", "OTHER": "not yours"})
    assert channels["hook"].secrets == {"HOOK_KEY": "planted"}


def test_a_channel_without_its_secret_is_refused_by_name() -> None:
    config = Config(channels=(HOOK,))
    refuse_deaf_channels(config, {"HOOK_KEY": "planted"})
    with pytest.raises(ConfigError, match=r"channels\.hook: secret_env names HOOK_KEY, which is not set"):
        refuse_deaf_channels(config, {})
    assert missing_secret(DetectorSettings(), {}) is None


def test_a_source_knows_the_brands_and_is_built_only_where_it_is_on() -> None:
    accounts = (AccountSettings(platform="file", handle="acme"), AccountSettings(platform="x", handle="other"))
    config = Config(
        folder="here", brands=(BrandSettings(name="acme", accounts=accounts),), sources={"file": FileSettings(path=".")}
    )
    _, clock = make_pipeline()
    source = build_collectors(config, clock, environment={})["file"]
    assert isinstance(source, FileCollector)
    assert source.context.base_folder == "here"
    assert [(brand.name, brand.handles) for brand in source.context.brands] == [("acme", ("acme",))]
    assert source.context.clock.now() == AT
    off = config.model_copy(update={"sources": {"file": FileSettings(path=".", enabled=False)}})
    assert build_collectors(off, clock, environment={}) == {}
