"""Reports of the press before the crowd are told from articles that are always there."""

import pytest

from analysis.company import CompanyMemory
from analysis.reports import article_host
from stormcone.models import ScoredMention
from stormcone.models.signal_views import Reported
from tests.analysis.crowds import said
from tests.fakes import at

ARTICLE = "https://www.millgate-post.example/2026/11/bakery-poisons-town"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (f"read {ARTICLE}?utm=1", "millgate-post.example"),
        ("https://news.example/local/bakery-accused-of-selling-old-bread", "news.example"),
        ("HTTPS://NEWS.EXAMPLE/story/12345678", "news.example"),
        ("https://shop.example/rye-loaf", None),
        ("https://x.com/someone/status/1234567890123", None),
        ("https://m.facebook.com/story/1234567890", None),
        ("https://example", None),
        ("http://" + "a." * 100_000 + "/2026/11/x", None),
        ("no link at all", None),
    ],
)
def test_article_is_known_by_its_address(text: str, host: str | None) -> None:
    assert article_host(text) == host


def measured(mentions: list[ScoredMention]) -> Reported | None:
    memory = CompanyMemory()
    for each in mentions:
        memory.add(each)
    return memory.measure(since=at(0), until=at(30)).reported


def crowd(text: str = "this is vile", people: int = 20) -> list[ScoredMention]:
    return [said(f"{text} {number}", f"person {number}", 600 + 30 * number) for number in range(people)]


def test_report_before_the_crowd_is_told_with_its_minutes() -> None:
    report = said("Bakery accused of selling old bread", "Millgate Post", -1500, platform="news")
    found = measured([report, *crowd()])
    assert found == Reported(minutes_before=40.0, reports=1, outlets=("Millgate Post",))


def test_report_after_the_crowd_is_told_as_such() -> None:
    report = said("Bakery accused of selling old bread", "Millgate Post", 1790, platform="RSS")
    found = measured([*crowd(), report])
    assert found is not None
    assert found.minutes_before < 0


def test_report_of_yesterday_is_no_news() -> None:
    assert measured([said("Old news", "Millgate Post", -4 * 3600, platform="news"), *crowd()]) is None


def test_brand_that_is_always_in_the_papers_is_not_reported_on_by_one_more_article() -> None:
    daily = [
        said(f"Bread of the day {hour}", "Millgate Post", -3600 * hour + 60, platform="news")
        for hour in range(40, 0, -1)
    ]
    assert measured([*daily, *crowd()]) is None


def test_article_that_several_people_pass_on_counts_as_reported() -> None:
    sharers = [said(f"have you seen this {n} {ARTICLE}", f"sharer {n}", 60 * n) for n in range(4)]
    found = measured([*sharers, *crowd()])
    assert found is not None
    assert found.outlets == ("millgate-post.example",)


def test_one_person_who_posts_an_article_many_times_is_no_press() -> None:
    spam = [said(f"have you seen this {n} {ARTICLE}", "sharer", 60 * n) for n in range(9)]
    assert measured([*spam, *crowd()]) is None
