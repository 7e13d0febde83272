"""[detector]: every number that decides, with unit, why, and the cases it was measured on. Computes nothing."""

from pydantic import Field

from stormcone.ports import Settings


class DetectorSettings(Settings):
    """[detector]: thresholds of the brand stream, the own-post watch, the verdict and the life cycle."""

    stream_windows_minutes: tuple[int, ...] = Field(
        default=(5, 30, 90),
        description="windows the brand's stream is judged over; what they agree on counts",
    )
    settle_minutes: int = Field(
        default=30, ge=0, description="age at which a step is learned as normal: late mentions have arrived by then"
    )
    level_half_life_hours: float = Field(
        default=24, gt=0, description="how fast the brand's level forgets; a day follows growth without chasing a storm"
    )
    clip_spreads: float = Field(
        default=3.0, gt=0, description="a step teaches at most its expectation plus so many standard deviations"
    )
    share_half_life_voices: float = Field(
        default=1000, gt=0, description="voices after which half of the usual share against the brand is forgotten"
    )
    share_weight: float = Field(
        default=0.5, ge=0, le=2, description="how much an unusual composition adds to an unusual volume"
    )
    share_surprise_cap: float = Field(
        default=4.0, gt=0, description="standard deviations at which a composition is as unusual as it gets"
    )
    warm_up_hours: float = Field(
        default=24, gt=0, description="the stream pages only after so much history; own posts are watched at once"
    )
    level_hours: float = Field(
        default=6, gt=0, description="first part of the warm-up, in which only the brand's level is found"
    )
    history_voices: float = Field(
        default=200, ge=0, description="fewer are no history if one hour can bring more than all of them"
    )
    least_history_voices: float = Field(
        default=20, ge=0, description="voices that must have been heard before anything can be called rare"
    )
    edge_voices: float = Field(
        default=15, ge=0, description="voices in an hour below which nothing is taken for the start of a collection"
    )
    episode_quiet_minutes: int = Field(
        default=120, gt=0, description="quiet that ends one episode of the stream; shorter splits a storm in two"
    )
    tail_half_life_days: float = Field(
        default=21, gt=0, description="how long the stream remembers how large its episodes get"
    )
    abnormal_share_surprise: float = Field(
        default=2.0, ge=0, description="standard deviations from which a composition alone speaks for a pile-on"
    )
    least_voices: float = Field(default=4, ge=0, description="fewer distinct voices than this are nobody's storm")
    least_voices_to_warn: float = Field(default=8, ge=0, description="distinct voices in the window before a warn")
    least_hostile_authors: int = Field(default=4, ge=1, description="different people openly against before a page")
    page_factor: float = Field(
        default=3,
        gt=0,
        description="rarity is measured so many times too strictly for pages: a page needs an angry crowd as well",
    )
    warn_factor: float = Field(
        default=15, ge=1, description="a warn may be false so many times as often as a page: every other day at 1"
    )
    watch_factor: float = Field(
        default=60, ge=1, description="a watch stays on the screen and may be false twice a day at budget 1"
    )
    budget_step: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="log units that one page judged false takes off the allowed rate of pages; three within weeks ask "
        "for evidence three times as rare",
    )
    budget_least_factor: float = Field(
        default=0.125,
        gt=0,
        le=1,
        description="the allowed rate of pages never falls below this part of the promise: tight, not deaf",
    )
    budget_most_factor: float = Field(
        default=2.0,
        ge=1,
        le=4,
        description="and, however many pages were right, never rises above so many times the promise",
    )
    post_window_minutes: int = Field(default=30, gt=0, description="window in which a thread's reasons are counted")
    quiet_against: float = Field(
        default=2.0, ge=0, description="voices against in that window below which a thread is calm again"
    )
    forget_quiet_minutes: int = Field(
        default=120, gt=0, description="quiet after which a thread's evidence starts from nothing"
    )
    settling_share: float = Field(
        default=0.33, gt=0, lt=1, description="share of its peak velocity below which a surge is settling"
    )
    cooling_minutes: float = Field(
        default=30, ge=0, description="settling for so long turns an open incident to cooling"
    )
    resolve_minutes: float = Field(default=120, ge=0, description="calm for so long resolves an incident")
    reopen_hours: float = Field(
        default=24, ge=0, description="a new storm on the same post within so long is a second wave of the incident"
    )
    aftermath_hours: float = Field(
        default=6,
        ge=0,
        description="so long after an end a surge without anger is relief, and a person's false alarm stands",
    )
    wave_half_life_minutes: float = Field(
        default=70, gt=0, description="how fast a storm that ended is forgotten: from its tail a second wave stands out"
    )
    escalate_share: float = Field(
        default=0.6, gt=0, description="share of its peak velocity above which a cooling incident is reopened"
    )
