"""Share of the voices against that comment as a trade."""

from dataclasses import replace

from analysis.signals.commentary import CommentaryShare
from stormcone.models.signal_views import Company
from tests.analysis.signals.views import VIEW


def text_of(commenting: int, hostile: int) -> str | None:
    company = Company(accounts=hostile, hostile_accounts=hostile, commenting_accounts=commenting)
    reading = CommentaryShare().read(replace(VIEW, company=company))
    return reading.text if reading else None


def test_share_is_told() -> None:
    assert text_of(11, 35) == "31% of the voices against comment on the matter rather than being concerned by it"


def test_few_commentators_are_not_worth_a_word() -> None:
    assert text_of(2, 4) is None
    assert text_of(3, 100) is None
    assert text_of(0, 0) is None
