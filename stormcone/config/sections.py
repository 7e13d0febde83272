"""The small sections: store, watch, scoring, dashboard. Each key says unit, default and why."""

from typing import Self

from pydantic import Field, field_validator, model_validator

from stormcone.ports import Settings


class StoreSettings(Settings):
    """[store]: where everything is kept."""

    url: str = Field(
        default="sqlite:///stormcone.db",
        description="database URL; sqlite:///FILE (relative to this file) or postgresql://USER@HOST/NAME for teams",
    )
    url_env: str | None = Field(
        default=None,
        description="environment variable that holds the URL instead, where it contains a password",
    )
    busy_timeout_seconds: float = Field(
        default=10, gt=0, description="how long a write waits for another process before it says 'locked'"
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        description="days after their collection until the words of strangers are erased and their names become "
        "pseudonyms; evidence of incidents and the brands' own posts stay",
    )
    aggregate_days: int = Field(
        default=400,
        ge=1,
        description="days after which sums per minute and the words kept as evidence go; a year and a month let this "
        "year be set beside the last",
    )

    @model_validator(mode="after")
    def _keeps_sums_longer(self) -> Self:
        if self.aggregate_days < self.retention_days:
            raise ValueError(
                f"aggregate_days = {self.aggregate_days} is less than retention_days = {self.retention_days}; sums "
                "stay at least as long as the words they count"
            )
        return self


class WatchSettings(Settings):
    """[watch]: the daemon."""

    tick_seconds: float = Field(
        default=5,
        gt=0,
        description="how often the detector and the escalation look; less costs processor time only",
    )
    bin_minutes: int = Field(
        default=5,
        ge=1,
        le=30,
        description="width of one step of the detector; 5 is what its figures were measured with",
    )
    canary_minutes: float = Field(
        default=15,
        ge=0,
        description="minutes between two synthetic mentions, which prove that what is said would be stored, scored and "
        "counted; 0: none",
    )
    heartbeat_url_env: str | None = Field(
        default=None,
        description="environment variable that holds the address of a dead-man service (healthchecks.io, ...); it is "
        "called once a minute while all is well, and tells you when the calls stop",
    )
    heartbeat_allow_private: bool = Field(
        default=False, description="true allows a loopback or private address there, refused otherwise"
    )


class ScoringSettings(Settings):
    """[scoring]: which languages are read, and by what."""

    languages: tuple[str, ...] = Field(
        default=("en", "hu", "fi", "de", "es", "fr", "it", "pt", "sv", "pl", "nl", "da", "no", "cs", "ro"),
        min_length=1,
        description="two-letter codes of the languages people write to the brand in; fewer are told apart more surely",
    )
    transformer_folder: str | None = Field(
        default=None,
        description="folder of an ONNX sentiment model (relative to this file) that reads threads of open incidents "
        "a second time; needs the extra `transformers`, see docs/transformers.md",
    )
    transformer_texts_per_hour: int = Field(
        default=200,
        ge=13,
        description="most texts an hour read a second time; a processor core manages some twenty a second",
    )

    @field_validator("languages")
    @classmethod
    def _is_read(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        known = cls.model_fields["languages"].default
        for language in languages:
            if language not in known:
                raise ValueError(f"{language!r} is not read; give some of {', '.join(known)}")
        return languages


class DashboardSettings(Settings):
    """[dashboard]: the live screens."""

    host: str = Field(default="127.0.0.1", description="address to listen on; anything but loopback needs a login")
    port: int = Field(default=8501, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field(
        default="http://127.0.0.1:8501", description="how people reach it; links in messages begin so"
    )
    refresh_seconds: float = Field(
        default=5, gt=0, description="how often a live page looks again; rollups make it cheap"
    )
    allow_public: bool = Field(
        default=False,
        description="true allows an address other than loopback although nobody logs in; whoever reaches it sees all",
    )

    @property
    def known_url(self) -> str | None:
        """How people reach the dashboard, None where the settings do not say: the default is a guess."""
        return self.public_url if self.public_url and "public_url" in self.model_fields_set else None
