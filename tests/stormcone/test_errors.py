import pytest

from stormcone import errors
from stormcone.errors import (
    CollectError,
    ConfigError,
    DeliveryError,
    RateLimited,
    StormconeError,
    UsageError,
)

ALL: list[type[StormconeError]] = [each for each in vars(errors).values() if isinstance(each, type)]


@pytest.mark.parametrize("error", ALL)
def test_every_error_is_ours_documented_and_drawn_in_the_tree(error: type[Exception]) -> None:
    assert issubclass(error, StormconeError)
    assert error.__doc__
    assert errors.__doc__ is not None
    assert error.__name__ in errors.__doc__


def test_wrong_use_leaves_with_two_and_everything_else_with_one() -> None:
    assert {each for each in ALL if each.exit_code == 2} == {ConfigError, UsageError}
    assert {each.exit_code for each in ALL} == {1, 2}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "watch.tick_seconds: give a number"),
        (0, "watch.tick_seconds = '0': give a number"),
        ("a\nb\u202e", "watch.tick_seconds = 'a\\nb\\u202e': give a number"),
        ("x" * 1_000_000, f"watch.tick_seconds = '{'x' * 80}': give a number"),
    ],
)
def test_a_setting_that_is_wrong_is_told_in_one_short_line(value: object, message: str) -> None:
    error = ConfigError("watch.tick_seconds", value=value, remedy="give a number")
    assert str(error) == message
    assert (error.key, error.value, error.remedy) == ("watch.tick_seconds", value, "give a number")


def test_a_source_that_asks_for_patience_says_how_long() -> None:
    error = RateLimited("x", "slow down", retry_after_seconds=90)
    assert isinstance(error, CollectError)
    assert (str(error), error.platform, error.retry_after_seconds) == ("x: slow down", "x", 90)


def test_one_bit_of_a_delivery_error_tells_give_up_from_retry() -> None:
    assert not DeliveryError("hook", "timeout").permanent
    error = DeliveryError("hook", "no such address", permanent=True, retry_after_seconds=None)
    assert (str(error), error.channel, error.permanent) == ("channel hook: no such address", "hook", True)
