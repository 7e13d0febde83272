"""[kinds]: what tells an arranged wave, a campaign, news and praise from people who are angry. Computes nothing."""

from typing import Final

from pydantic import Field, ValidationInfo, field_validator

from stormcone.ports import Settings

_NO_LESS_THAN: Final = {
    "alike_strictly": "alike_loosely",
    "brigade_share": "brigade_sure_share",
    "brigade_warns_accounts": "brigade_opens_accounts",
}


class KindSettings(Settings):
    """[kinds]: thresholds of the sort of a surge, and of the company its voices keep."""

    most_share: float = Field(
        default=0.5, gt=0, le=1, description="share of the mentions, or of the accounts, from which it is most of them"
    )
    least_spread: int = Field(
        default=15, ge=1, description="copies, passed-on mentions or entries of a contest; fewer are an accident"
    )
    usual_surprise: float = Field(
        default=1.0, ge=0, description="standard deviations of the share against below which it counts as the usual one"
    )
    praising_share: float = Field(
        default=0.08, gt=0, le=1, description="share of the voices for the brand, beyond the usual one, that is praise"
    )
    quiet_people: float = Field(
        default=3.0,
        ge=0,
        description="people openly against with whom the public is quiet: one fewer than the smallest crowd that pages",
    )
    alike_words: int = Field(
        default=8, ge=3, le=40, description="words of a text below which two people say the same independently"
    )
    alike_loosely: float = Field(
        default=0.35, gt=0, le=1, description="share of words and pairs in common: three edits in fourteen words"
    )
    alike_strictly: float = Field(
        default=0.5,
        gt=0,
        le=1,
        validate_default=True,
        description="the same for the lower end of the range: two edits in fourteen words",
    )
    fast_burst_seconds: int = Field(default=60, gt=0, description="window of a fast burst of nearly the same words")
    fast_burst_accounts: int = Field(default=3, ge=2, description="different accounts that make a fast burst")
    slow_burst_minutes: int = Field(
        default=10, gt=0, le=90, description="window of a slow burst, for waves that are spread out on purpose"
    )
    slow_burst_accounts: int = Field(default=5, ge=2, description="different accounts that make a slow burst")
    hostile_text_share: float = Field(
        default=0.33,
        gt=0,
        le=1,
        description="share of a text's mentions read as against from which all of its variants count as against",
    )
    concentrated_share: float = Field(
        default=0.15,
        gt=0,
        le=1,
        description="share of the hostile accounts that one text needs where no second sign speaks for arrangement",
    )
    concentrated_accounts: int = Field(default=5, ge=2, description="and the least number of such accounts")
    loose_share: float = Field(
        default=0.03, ge=0, le=1, description="share of the hostile accounts below which a loose burst is no part of it"
    )
    young_days: int = Field(default=30, gt=0, description="age below which an account is young")
    young_accounts: int = Field(default=5, ge=1, description="young accounts that are a sign at all")
    young_text_share: float = Field(
        default=0.5, gt=0, le=1, description="share of young ones among a text's known ages that is a second sign"
    )
    young_hostile_share: float = Field(
        default=0.2, gt=0, le=1, description="share of young ones among all hostile ages that raises the upper end"
    )
    even_variation: float = Field(
        default=0.35,
        gt=0,
        lt=1,
        description="coefficient of variation of the pauses below which they are even; people have about 1",
    )
    even_arrivals: int = Field(default=10, ge=4, description="accounts of a text before its pauses are looked at")
    paired_texts: int = Field(default=2, ge=2, description="texts under which the same accounts appear together")
    paired_accounts: int = Field(default=3, ge=2, description="such accounts that are a second sign")
    brigade_sure_share: float = Field(
        default=0.33, gt=0, le=1, description="lower end that is enough where nearly all may be arranged"
    )
    brigade_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        validate_default=True,
        description="lower end of the range from which the anger is a brigade",
    )
    brigade_possible_share: float = Field(
        default=0.8, gt=0, le=1, description="upper end from which nearly all may be arranged"
    )
    brigade_accounts: int = Field(default=8, ge=3, description="accounts at the lower end before it is a brigade")
    brigade_opens_accounts: int = Field(
        default=20,
        ge=3,
        description="arranged accounts in a window that are a watch by themselves, however loud the brand is",
    )
    brigade_warns_accounts: int = Field(
        default=30,
        ge=3,
        validate_default=True,
        description="arranged accounts in a window that are a warn by themselves",
    )
    brigade_times: float = Field(
        default=3.0, ge=1, description="times the usual number of arranged accounts before a wave is news of its own"
    )
    brigade_surge: float = Field(
        default=1.5,
        ge=0,
        description="standard deviations of all mentions, copies too, from which a busy brand is looked at for a wave",
    )
    entry_accounts: int = Field(
        default=5, ge=2, description="accounts with one hashtag, from which it may be that of a contest"
    )
    everyday_share: float = Field(
        default=0.2, gt=0, le=1, description="share of earlier accounts with a hashtag from which it is everyday"
    )
    everyday_accounts: int = Field(default=10, ge=1, description="earlier accounts before a hashtag can be everyday")
    shared_by: int = Field(
        default=3, ge=2, description="accounts that pass on one headline with its link, or one outlet's articles"
    )
    shared_share: float = Field(
        default=0.1, ge=0, le=1, description="share of a window's accounts that do, before the press counts as present"
    )
    press_times: float = Field(
        default=2.0, ge=1, description="times the usual number of reports, for a brand the press writes about daily"
    )

    @field_validator("alike_strictly", "brigade_share", "brigade_warns_accounts")
    @classmethod
    def _is_no_less(cls, value: float, info: ValidationInfo) -> float:
        lower = _NO_LESS_THAN[info.field_name or ""]
        if value < info.data.get(lower, value):
            raise ValueError(f"must not be less than {lower}, which is {info.data[lower]}")
        return value
