import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormcone.collecting import Matcher, pattern_of, plain
from stormcone.ports import WatchedAccount, WatchedBrand

ACME = WatchedBrand(
    name="Acme", keywords=("acme", "acme tools"), hashtags=("#AcmeDay",), accounts=(WatchedAccount(handle="acme.help"),)
)
BOLT = WatchedBrand(name="Bolt", keywords=("Müller & Söhne", "bolt"))
MATCHER = Matcher([ACME, BOLT])


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("ACME is closed again", ("Acme",)),
        ("acmeish and macme", ()),
        ("what a #acmeday this was", ("Acme",)),
        ("\uff23all \uff03AcmeDay", ("Acme",)),
        ("a mail to me@acme.help is no mention of it", ("Acme",)),  # the keyword stands there as a word of its own
        ("@acme.help where is my parcel", ("Acme",)),
        ("mu\u0308ller  &  SÖHNE, never again", ("Bolt",)),
        ("acme bought bolt", ("Acme", "Bolt")),
        ("", ()),
        ("\x00\ud800 acme", ("Acme",)),
    ],
)
def test_a_brand_is_found_as_whole_words(text: str, brands: tuple[str, ...]) -> None:
    assert MATCHER.brands_in(text) == brands


def test_a_hashtag_that_the_platform_lists_apart_counts() -> None:
    assert MATCHER.brands_in("so much fun", hashtags=["ACMEDAY"]) == ("Acme",)


def test_an_address_is_no_handle() -> None:
    only_handle = Matcher([WatchedBrand(name="Acme", accounts=(WatchedAccount(handle="acme"),))])
    assert only_handle.brands_in("write to info@acme or to a.b@acme") == ()
    assert only_handle.brands_in("@acme-fans are others") == ()
    assert only_handle.brands_in("(@ACME)") == ("Acme",)


def test_a_brand_without_any_name_is_found_nowhere() -> None:
    assert Matcher([WatchedBrand(name="Acme")]).brands_in("acme") == ()


def test_a_long_text_is_read_quickly_enough_to_be_read_at_all() -> None:
    assert MATCHER.brands_in("acm" * 300_000 + " acme") == ("Acme",)


PIECES = (
    "acme",
    "Acme",
    "ACME tools",
    "#AcmeDay",
    "@acme.help",
    "müller & söhne",
    "c++",
    "☂",
    "bolt",
    "x",
    " ",
    ".",
    "-",
    "\n",
)
SIGNS = WatchedBrand(name="Signs", keywords=("c++", "☂", "a-b"), hashtags=("x",))


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_the_quick_look_finds_what_every_pattern_on_every_text_finds(pieces: list[str]) -> None:
    text, brands = "".join(pieces), [ACME, BOLT, SIGNS]
    every = [(brand.name, pattern_of(brand)) for brand in brands]
    expected = tuple(name for name, pattern in every if pattern is not None and pattern.search(plain(text)))
    assert Matcher(brands).brands_in(text) == expected
