"""Support threads: a customer and the brand; never a crowd below the brand's answer."""

import pytest

from analysis import support_threads
from analysis.support_threads import SupportThreads
from tests.fakes import make_mention, make_own_post


def make_heard() -> SupportThreads:
    """Return what is known after Ann asked below an own post and the brand answered her."""
    heard = SupportThreads()
    heard.hear(make_mention("question", author="ann", parent_id="post", root_id="post"))
    heard.hear(make_own_post("answer", author="acme_help", parent_id="question", root_id="post"))
    return heard


def test_customer_who_answers_the_brands_answer_is_in_a_support_thread() -> None:
    assert make_heard().holds(make_mention("2", author="ann", parent_id="answer"))


def test_others_who_answer_the_brands_answer_are_a_crowd() -> None:
    assert not make_heard().holds(make_mention("2", author="bob", parent_id="answer"))
    assert not make_heard().holds(make_mention("2", author=None, parent_id="answer"))


def test_customer_elsewhere_in_the_thread_speaks_as_anybody() -> None:
    heard = make_heard()
    assert not heard.holds(make_mention("2", author="ann", parent_id="post"))
    assert not heard.holds(make_mention("2", author="ann", parent_id=None))


def test_same_name_on_another_platform_is_somebody_else() -> None:
    assert not make_heard().holds(make_mention("2", author="ann", parent_id="answer", platform="reddit"))


def test_back_and_forth_goes_on_as_long_as_it_likes() -> None:
    heard = make_heard()
    for turn in range(5):
        ask = make_mention(f"ask {turn}", author="ann", parent_id="answer" if turn == 0 else f"answer {turn - 1}")
        assert heard.holds(ask)
        heard.hear(ask)
        heard.hear(make_own_post(f"answer {turn}", author="acme", parent_id=f"ask {turn}"))


def test_answer_in_two_parts_speaks_to_the_same_person() -> None:
    heard = make_heard()
    heard.hear(make_own_post("second part", author="acme_help", parent_id="answer"))
    assert heard.holds(make_mention("2", author="ann", parent_id="second part"))


def test_answer_to_nobody_known_and_a_post_of_its_own_hold_nobody() -> None:
    heard = make_heard()
    heard.hear(make_own_post("to a ghost", parent_id="never collected"))
    heard.hear(make_own_post("new post"))
    assert not heard.holds(make_mention("2", author="ann", parent_id="to a ghost"))
    assert not heard.holds(make_mention("2", author="ann", parent_id="new post"))


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support_threads, "_MOST", 10)
    heard = SupportThreads()
    for number in range(50):
        heard.hear(make_mention(f"q{number}", author="ann"))
        heard.hear(make_own_post(f"a{number}", parent_id=f"q{number}"))
    assert (len(heard._writers), len(heard._addressees)) == (10, 10)
