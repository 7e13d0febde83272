"""Builds what signals look at, from the stream or from a thread. Computes no judgement."""

from datetime import datetime

from analysis.composition import POOLED_POSITIVE_SHARE
from analysis.recents import Heard
from analysis.stream import BrandStream, StreamReading
from analysis.threads import Thread, ThreadStep
from stormcone.ports import SignalView


def stream_view(reading: StreamReading, stream: BrandStream, heard: Heard) -> SignalView:
    """Return the view of the brand's stream over the reading's window."""
    window = reading.window
    is_known = not reading.is_warming_up
    spread = (stream.share.variance_of_a_voice / max(window.voices, 1.0)) ** 0.5
    return SignalView(
        window_minutes=window.minutes,
        mentions=window.mentions,
        voices=window.voices,
        against=window.against,
        hostile_voices=window.hostile,
        copies=window.copies,
        positive=window.positive,
        hostile_authors=heard.hostile_authors,
        cues=heard.cues,
        top_reach=heard.top_reach,
        top_reach_author=heard.top_reach_author,
        usual_voices=window.expected_voices if is_known else None,
        spread_voices=window.variance_voices**0.5 if is_known else None,
        usual_against_share=stream.share.against_share,
        spread_against_share=spread,
        usual_positive_share=stream.share.positive_share,
    )


def post_view(thread: Thread, recent: ThreadStep, heard: Heard, at: datetime, window_minutes: int) -> SignalView:
    """Return the view of one own post's thread over the last `window_minutes`."""
    age = thread.age_minutes(at)
    prior = thread.prior
    usual = thread.watch.expected_voices(max(0.0, age - window_minutes), age)
    share = prior.against[0] / sum(prior.against)
    return SignalView(
        window_minutes=window_minutes,
        mentions=recent.replies,
        voices=recent.voices,
        against=recent.against,
        hostile_voices=float(recent.hostile),
        copies=recent.copies,
        positive=max(0.0, recent.voices - recent.against) * POOLED_POSITIVE_SHARE,
        hostile_authors=thread.hostile_authors,
        cues=heard.cues,
        top_reach=heard.top_reach,
        top_reach_author=heard.top_reach_author,
        usual_voices=usual,
        spread_voices=(usual + usual * usual / prior.size) ** 0.5,
        usual_against_share=share,
        spread_against_share=(share * (1 - share) / max(recent.voices, 1.0)) ** 0.5,
        usual_positive_share=POOLED_POSITIVE_SHARE,
        post_age_minutes=age,
        likes=thread.likes,
        replies_total=int(thread.replies),
        usual_ratio=prior.ratio[0] / prior.ratio[1] if prior.posts else None,
    )
