"""[advice]: from where on a fact changes what is advised, and how much time an action has. Computes nothing."""

from typing import Literal, Self

from pydantic import Field, model_validator

from stormcone.ports import Settings


class AdviceSettings(Settings):
    """[advice]: the numbers that the rules of analysis/advising/rules.toml name."""

    coordinated_share: float = Field(
        default=0.4, gt=0, le=1, description="share of authors judged to act in concert from which a crowd is arranged"
    )
    commentator_share: float = Field(
        default=0.6, gt=0, le=1, description="share of authors from the trade from which it is talk among professionals"
    )
    slight_severity: int = Field(default=1, ge=1, le=5, description="up to this severity a hijack is only watched")
    settled_severity: int = Field(
        default=2, ge=1, le=5, description="up to this severity an incident that was apologised for may be closed"
    )
    machine_severity: int = Field(default=2, ge=1, le=5, description="severity from which automatic posts are stopped")
    serious_severity: int = Field(
        default=3, ge=1, le=5, description="severity from which a team holds and prepares instead of watching"
    )
    grave_severity: int = Field(default=4, ge=1, le=5, description="severity from which the lead is woken")
    big_platforms: int = Field(default=2, ge=2, description="platforms on which an incident that runs is a big one")
    urgent_minutes: int = Field(default=15, gt=0, description="minutes for what is lost if it waits: accounts, leaks")
    act_minutes: int = Field(default=60, gt=0, description="minutes for a statement, a correction, an apology")
    hold_minutes: int = Field(default=120, gt=0, description="minutes after which a hold has to be decided again")
    serious_hold_minutes: int = Field(
        default=30, gt=0, description="the same from serious_severity on; a hold nobody renews is silence"
    )

    slip_level: Literal["watch", "warn", "page"] = Field(
        default="warn", description="level at which an unfinished or internal post of ours opens an incident at once"
    )

    @model_validator(mode="after")
    def _grave_is_worse(self) -> Self:
        if self.grave_severity < self.serious_severity:
            raise ValueError("grave_severity lies below serious_severity; the lead is woken for what is worse")
        return self
