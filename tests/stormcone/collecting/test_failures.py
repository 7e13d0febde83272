import httpx
import pytest

from stormcone.collecting import failure, hide_secrets, one_line, unreachable
from stormcone.errors import CollectError, RateLimited, Refused

SECRET = "planted-token-81734"


@pytest.mark.parametrize("status", [401, 402, 403])
def test_what_only_a_person_can_mend_is_a_refusal_with_its_remedy(status: int) -> None:
    error = failure("x", status, "no", remedy="renew the key in X_BEARER_TOKEN")
    assert isinstance(error, Refused)
    assert str(error).startswith(f"x: {status}, ")
    assert str(error).endswith("; renew the key in X_BEARER_TOKEN")


def test_too_many_requests_wait_as_long_as_was_said() -> None:
    error = failure("x", 429, remedy="", retry_after_seconds=12.5)
    assert isinstance(error, RateLimited)
    assert error.retry_after_seconds == 12.5
    unsaid = failure("x", 429, remedy="")
    assert isinstance(unsaid, RateLimited)
    assert unsaid.retry_after_seconds is None


@pytest.mark.parametrize("status", [400, 404, 500, 503, 522])
def test_everything_else_is_asked_again(status: int) -> None:
    assert type(failure("x", status, remedy="")) is CollectError


def test_a_platform_speaks_in_one_bounded_printable_line() -> None:
    told = str(failure("x", 500, "a\nb\x1b[2J\u202e" + "c" * 5_000, remedy=""))
    assert told.isprintable()
    assert len(told) < 400
    assert one_line("\x00\n") == ""


def test_no_answer_names_the_place_and_not_the_message_of_a_library() -> None:
    error = unreachable("news", "news.example", httpx.ConnectError(f"token {SECRET}"))
    assert "news.example cannot be reached (ConnectError)" in str(error)
    assert SECRET not in str(error)


def test_secrets_are_taken_out_by_name_and_short_values_are_left() -> None:
    hidden = hide_secrets(f"a={SECRET}&b=no", {"KEY": SECRET, "TINY": "no", "EMPTY": ""})
    assert hidden == "a=<KEY>&b=no"
