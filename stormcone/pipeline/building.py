"""Builds the pipeline from settings and an open store: the composition root.

The only file that knows which scorer, which signals and which channels there are. Builds, and does nothing else.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.advising import Advisor
from analysis.hostility import HostilityReader
from analysis.scoring.scorer import LinearScorer
from analysis.scoring.second_stage import SecondStage
from analysis.scoring.transformer import TransformerScorer
from analysis.verdicts import Judge
from stormcone.acting import Acting
from stormcone.advising import advisor_of
from stormcone.clock import Clock
from stormcone.config import Config, gather_secrets
from stormcone.errors import ConfigError
from stormcone.pipeline.brands import Brands
from stormcone.pipeline.budgeting import Budgeting
from stormcone.pipeline.desk import Desk
from stormcone.pipeline.explaining import Explainer
from stormcone.pipeline.ingest import Ingest
from stormcone.pipeline.slips import Slips
from stormcone.pipeline.surroundings import Gatherer
from stormcone.plugins import discover
from stormcone.ports import (
    Channel,
    Collector,
    CollectorContext,
    EmptyArchive,
    Role,
    Scorer,
    Settings,
    Signal,
    Threads,
    WatchedAccount,
    WatchedBrand,
)
from stormcone.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The wired parts: batches go into `ingest`, time goes into `desk`; `scorer` and `around` serve both."""

    config: Config
    store: Store
    clock: Clock
    brands: Brands
    scorer: Scorer
    around: Gatherer
    ingest: Ingest
    slips: Slips
    desk: Desk
    budgeting: Budgeting


def build_pipeline(config: Config, store: Store, clock: Clock, *, scorer: Scorer | None = None) -> Pipeline:
    """Wire scorer, detectors, life cycle and store together.

    Raises: PluginError: a file in analysis/signals breaks the rules. ConfigError: a cue table is wrong.
    """
    signals = [signal() for signal in discover("analysis.signals", Signal, key="name").values()]  # type: ignore[type-abstract]  # a role to look for
    hostility = HostilityReader.load(config.scoring.languages)
    judge = Judge(config.detector, signals, hostility, config.severity, config.kinds, build_advisor(config))
    brands = Brands(config, judge)
    scorer, around = scorer or build_scorer(config, hostility), Gatherer(store)
    explainer = Explainer(store, brands, window_minutes=max(config.detector.stream_windows_minutes))
    slips = Slips(config, store)
    return Pipeline(
        config=config,
        store=store,
        clock=clock,
        brands=brands,
        scorer=scorer,
        around=around,
        ingest=Ingest(store, scorer, brands, around, slips),
        slips=slips,
        desk=Desk(brands, Acting(config=config, store=store, clock=clock), around, explainer, slips),
        budgeting=Budgeting(config, store, brands),
    )


def build_advisor(config: Config) -> Advisor:
    """Return the advisor of the settings. Raises: ConfigError: a rule is wrong."""
    return advisor_of(config.advice)


def build_scorer(config: Config, hostility: HostilityReader | None = None) -> Scorer:
    """Return the scorer of the settings, with the second stage where a transformer is named.

    Args: hostility: for the same languages, where it is loaded already.
    Raises: ConfigError: a cue table is wrong, or the transformer's folder cannot be used.
    """
    settings = config.scoring
    scorer = LinearScorer(settings.languages, hostility=hostility)
    if settings.transformer_folder is None:
        return scorer
    transformer = TransformerScorer(Path(config.folder) / settings.transformer_folder)
    transformer.load()  # found now, not in the first storm
    return SecondStage(scorer, transformer, texts_per_hour=settings.transformer_texts_per_hour)


def build_channels(
    config: Config, environment: Mapping[str, str] = os.environ, *, threads: Threads | None = None
) -> dict[str, Channel]:
    """Return the channels of the settings by id, each with the secrets it names. Args: threads: None: kept nowhere."""
    classes = discover("alerts.channels", Channel, key="type")  # type: ignore[type-abstract]  # a role to look for
    secrets = gather_secrets(config.channels, environment)
    channels = {each.id: classes[each.type](each, secrets) for each in config.channels}
    if threads is not None:
        for channel in channels.values():
            channel.threads = threads
    return channels


def missing_secret(section: Settings, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return one line about the first environment variable that a section names and that is not set, or None.

    A source that also works without a key says so in `optional_secrets` of its settings.
    >>> from stormcone.config import StoreSettings
    >>> missing_secret(StoreSettings(url_env="DB"), {})
    'url_env names DB, which is not set; set this environment variable'
    """
    named = {key: value for key, value in section if key.endswith("_env") and isinstance(value, str) and value}
    optional: frozenset[str] = getattr(section, "optional_secrets", frozenset())
    for key, variable in named.items():
        if key not in optional and not environment.get(variable):
            return f"{key} names {variable}, which is not set; set this environment variable"
    return None


def refuse_deaf_channels(config: Config, environment: Mapping[str, str] = os.environ) -> None:
    """Raise ConfigError where a channel lacks its secret: found now, not in the night somebody is to be woken."""
    for channel in config.channels:
        missing = missing_secret(channel, environment)
        if missing is not None:
            raise ConfigError(f"channels.{channel.id}", remedy=missing)
    unset = missing_secret(config.watch, environment)
    if unset is not None:  # else nobody outside would ever be called, nor miss the calls
        raise ConfigError("watch", remedy=unset)


def missing_keys(config: Config, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the enabled sources that cannot be polled without a key, each with one line that says which."""
    lacking = {name: missing_secret(settings, environment) for name, settings in config.enabled_sources.items()}
    return {name: f"{name}: {line}" for name, line in lacking.items() if line is not None}


def build_collectors(
    config: Config, clock: Clock, store: Store | None = None, environment: Mapping[str, str] = os.environ
) -> dict[str, Collector]:
    """Return the enabled collectors by section name, each with the brands and the secrets it names.

    Args: store: what collectors may ask about stored posts; None where nothing is stored.
    """
    classes = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role to look for
    secrets = gather_secrets(config.sources.values(), environment)
    return {
        name: classes[name](settings, _context(config, name, clock, secrets, store))
        for name, settings in config.enabled_sources.items()
    }


def _context(
    config: Config, platform: str, clock: Clock, secrets: Mapping[str, str], store: Store | None
) -> CollectorContext:
    brands = [brand.name for brand in config.brands]
    return CollectorContext(
        brands=tuple(
            WatchedBrand(
                name=brand.name,
                keywords=brand.keywords,
                hashtags=brand.hashtags,
                accounts=tuple(
                    WatchedAccount(handle=account.handle.removeprefix("@"), role=Role(account.role))
                    for account in brand.accounts
                    if account.platform == platform
                ),
            )
            for brand in config.brands
        ),
        clock=clock,
        base_folder=config.folder,
        secrets=secrets,
        archive=EmptyArchive() if store is None else store.archive(platform, brands=brands, clock=clock),
    )
