"""[severity]: from where on a fact makes a storm one step worse. Computes nothing."""

from itertools import pairwise

from pydantic import Field, field_validator

from stormcone.ports import Settings


class SeveritySettings(Settings):
    """[severity]: thresholds of the steps from 1 to 5; each that is reached is told with its value."""

    projected_against: tuple[int, int, int, int] = Field(
        default=(30, 150, 600, 2500),
        description="voices against expected within six hours at which size alone makes it 2, 3, 4 and 5",
    )
    large_account_followers: int = Field(
        default=100_000, gt=0, description="followers from which an account against the brand adds a step"
    )
    harm_share: float = Field(
        default=0.2, gt=0, le=1, description="share of voices that speak of harm, threats or outrage that adds a step"
    )
    crossing_minutes: int = Field(
        default=120,
        gt=0,
        le=1440,
        description="window in which a second platform, the press, a competitor, an executive or a sensitive topic "
        "counts; storms need longer to cross over than to grow",
    )
    crossing_people: int = Field(
        default=4,
        ge=1,
        description="different people openly against that make a crowd on a second platform, against an executive, or "
        "on a sensitive topic; as many as a page needs",
    )
    crossing_times: float = Field(
        default=3.0,
        ge=1,
        description="times the usual number before a platform's crowd, or the press, is more than its everyday one",
    )
    executive_share: float = Field(
        default=0.2,
        gt=0,
        le=1,
        description="share of the people against whose mentions concern an executive's account that adds a step",
    )
    topic_share: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="share of the people against who name a sensitive topic of the brand that adds a step",
    )
    usual_audience: int = Field(
        default=100_000,
        gt=0,
        description="audience for which the two sizes above (voices, followers) hold; they grow with its square root",
    )

    @field_validator("projected_against")
    @classmethod
    def _rises(cls, sizes: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        if sizes[0] < 1 or any(size >= larger for size, larger in pairwise(sizes)):
            raise ValueError("give four rising numbers of voices, such as [30, 150, 600, 2500]")
        return sizes
