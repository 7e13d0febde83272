"""What the detectors cost: `python -m benchmarks.detect_speed`.

Three figures of processor time on one core: a step of a brand's stream, a slot (five minutes) of a watched post, and a
tick over many brands that each watch many posts, all of which got replies. Beside them, in the same run, what plain
vaderSentiment needs for one sentence, so that machines can be compared. Ends with 1 where a bar is missed.
"""

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.brand_watch import BrandWatch
from analysis.hostility import HostilityReader
from analysis.post_prior import learn_prior
from analysis.stream import BrandStream
from analysis.threads import Thread
from analysis.verdicts import Judge
from analysis.volume_stream import VolumeStream
from benchmarks.tables import new_parser, show, show_json
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.models import Engagement, Mention, ScoredMention, Scores, Vote
from stormcone.plugins import discover
from stormcone.ports import Signal

_BIN_BAR = 20.0  # microseconds a step of a brand's stream
_SLOT_BAR = 100.0  # microseconds a slot of a watched post
_TICK_BAR = 10.0  # seconds a tick of 1,000 brands that watch 50 posts each
_STEP = timedelta(minutes=5)
_START = datetime(2026, 3, 2, tzinfo=UTC)
_SENTENCE = "I can't believe they posted this today, take it down and say sorry, this is awful"
_VOTE = Vote(voice=1.0, against=0.3, thread_voice=1.0, thread_against=0.3, is_copy=False)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = new_parser("Processor time of the detectors beside one sentence of plain VADER.")
    parser.add_argument("--brands", type=int, default=1_000, help="brands of the tick")
    parser.add_argument("--posts", type=int, default=50, help="watched posts a brand")
    options = parser.parse_args()
    sentence = _median(_microseconds_of_vader, options.rounds)
    figures = [
        ("step of a stream of counts, us", _median(_microseconds_of_volume_step, options.rounds), _BIN_BAR),
        ("step of a brand's stream, us", _median(_microseconds_of_step, options.rounds), _BIN_BAR),
        ("slot of a watched post, us", _median(_microseconds_of_slot, options.rounds), _SLOT_BAR),
        (
            f"tick of {options.brands:,} brands x {options.posts} posts, s",
            _seconds_of_tick(options.brands, options.posts),
            _TICK_BAR * options.brands * options.posts / 50_000,
        ),
    ]
    show(
        f"Detectors, processor time; a sentence of plain VADER takes {sentence:.0f} us in the same run",
        ("figure", "measured", "bar", ""),
        [(name, f"{value:.1f}", f"<= {bar:g}", "" if value <= bar else "missed") for name, value, bar in figures],
    )
    if options.json:
        show_json({"vader_sentence_us": sentence} | {name: value for name, value, _ in figures})
    return 0 if all(value <= bar for _, value, bar in figures) else 1


def _median(measure: Callable[[], float], rounds: int) -> float:
    return statistics.median(measure() for _ in range(rounds))


def _microseconds_of_vader() -> float:
    vader = SentimentIntensityAnalyzer()
    began = time.process_time()
    for _ in range(1_000):
        vader.polarity_scores(_SENTENCE)
    return (time.process_time() - began) * 1_000


def _microseconds_of_volume_step(steps: int = 5_000) -> float:
    rng = random.Random(1)
    stream = VolumeStream(settings=DetectorSettings(), step_minutes=5)
    counts = [float(rng.randrange(6)) for _ in range(steps)]
    began = time.process_time()
    for number, count in enumerate(counts):
        stream.close(_START + number * _STEP, count)
    return (time.process_time() - began) * 1e6 / steps


def _microseconds_of_step(steps: int = 5_000) -> float:
    """Return the time of a step; every other one brings a mention of the step before it too, as polls do.

    The clock is read at every step; what that costs is taken off.
    """
    rng = random.Random(1)
    zone = ZoneInfo.no_cache("Europe/Helsinki")  # what other rounds worked out for a zone helps nobody here
    stream = BrandStream(settings=DetectorSettings(), zone=zone, step_minutes=5)
    stream.step_at(_START)
    spent = 0.0
    for number in range(steps):
        at = _START + number * _STEP
        _speak(stream, at, voices=rng.randrange(6))
        if number % 2:
            _speak(stream, at - _STEP, voices=1)
        began = time.process_time()
        for index in stream.due(at + _STEP):
            stream.close(index)
        spent += time.process_time() - began
    return (spent - _seconds_of_clock(steps)) * 1e6 / steps


def _seconds_of_clock(times: int) -> float:
    spent = 0.0
    for _ in range(times):
        began = time.process_time()
        spent += time.process_time() - began
    return spent


def _speak(stream: BrandStream, at: datetime, *, voices: int) -> None:
    step = stream.step_at(at)
    if step is not None:
        step.mentions += voices
        step.voices += voices
        step.against += 0.3 * voices
        step.positive += 0.2 * voices
        step.negative += 0.3 * voices
        step.cued += voices // 3


def _microseconds_of_slot(slots: int = 200) -> float:
    rng = random.Random(1)
    threads = [_thread(str(number)) for number in range(50)]
    spent = 0.0
    for slot in range(slots):
        now = _START + (slot + 1) * _STEP
        for thread in threads:
            for _ in range(rng.randrange(1, 4)):
                thread.add(slot, _VOTE)
            thread.engage(_look(thread.key[1], now, likes=10 * slot))
        began = time.process_time()
        for thread in threads:
            thread.step(now)
        spent += time.process_time() - began
    return spent * 1e6 / (slots * len(threads))


def _thread(name: str) -> Thread:
    return Thread(key=("x", name), posted_at=_START, prior=learn_prior([], against_share=0.25), is_seen=True)


def _look(post: str, now: datetime, *, likes: int) -> Engagement:
    return Engagement(platform="x", post_id=post, brand="brand", seen_at=now, likes=likes)


def _seconds_of_tick(brands: int, posts: int) -> float:
    """Return the time of one tick at the end of a step in which every post got a reply and a look at its likes."""
    judge = Judge(DetectorSettings(), _signals(), HostilityReader.load(["en"]))
    watches = [_watch(f"brand {number}", judge, posts) for number in range(brands)]
    gc.collect()
    gc.freeze()  # what the benchmark itself built is no garbage of the tick
    now = _START + 4 * _STEP
    began = time.process_time()
    for watch in watches:
        watch.evaluate(now)
    return time.process_time() - began


def _signals() -> list[Signal]:
    return [signal() for signal in discover("analysis.signals", Signal, key="name").values()]  # type: ignore[type-abstract]  # a role to look for


def _watch(brand: str, judge: Judge, posts: int) -> BrandWatch:
    watch = BrandWatch(BrandSettings(name=brand), DetectorSettings(), judge, step_minutes=5)
    watch.begin(_START)
    for post in range(posts):
        watch.feed(_scored(brand, f"p{post}", _START, post=None))
    watch.evaluate(_START + 3 * _STEP)
    at = _START + 3 * _STEP + timedelta(minutes=1)
    for post in range(posts):
        watch.feed(_scored(brand, f"r{post}", at, post=f"p{post}"))
        watch.engage(_look(f"p{post}", at, likes=3))
    return watch


def _scored(brand: str, name: str, at: datetime, *, post: str | None) -> ScoredMention:
    mention = Mention(
        platform="x",
        id=name,
        brand=brand,
        posted_at=at,
        seen_at=at,
        text="where can I buy this",
        author=f"author of {name}",
        is_own_post=post is None,
        parent_id=post,
        root_id=post,
    )
    scores = Scores(
        p_negative=0.3,
        p_neutral=0.4,
        p_positive=0.3,
        compound=0.0,
        hostility=0.1,
        cues=(),
        lang="en",
        scorer="benchmark 1",
    )
    return ScoredMention(mention=mention, scores=scores, vote=_VOTE)


if __name__ == "__main__":
    sys.exit(main())
