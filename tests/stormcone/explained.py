"""An invented explanation that tests of the journal, of notices and of screens build on."""

from stormcone.models import Carrier, Carriers, Exemplar, Explanation, Kind, Level, Lever, Topic, WouldChange
from tests.fakes import at

LOUD = Carrier(
    platform="x",
    author="loud",
    followers=120_000,
    mention_id="m-2",
    url="https://social.test/m-2",
    posted_at=at(3),
    is_copy=True,
)
EXPLANATION = Explanation(
    texts=11,
    phrases=(Topic(phrase="school books", z=4.25, count=9),),
    carriers=Carriers(rule="the first", first_amplifier=LOUD, top_reach=(LOUD,), known_share=0.75),
    exemplars=(
        Exemplar(
            platform="x",
            mention_id="m-1",
            author="reader",
            text="you pulped the school books of poor kids",
            url="https://social.test/m-1",
            reach=80,
            phrases=("school books",),
        ),
    ),
    would_change=(
        WouldChange(
            lever=Lever.HOSTILE_AUTHORS,
            now=2,
            needed=4,
            level=Level.PAGE,
            kind=Kind.BACKLASH,
            text="With 2 more people openly against, it would be a page.",
        ),
    ),
)
