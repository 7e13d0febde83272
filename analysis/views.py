"""Builds what signals look at, from the stream or from a thread. Computes no judgement."""

from dataclasses import replace
from datetime import datetime, timedelta

from analysis.composition import POOLED_POSITIVE_SHARE
from analysis.recents import LATELY, Heard
from analysis.stream import BrandStream, StreamReading
from analysis.threads import Thread, ThreadStep
from analysis.usual import UsualShares, compare
from stormcone.models.signal_views import Company, Part, SignalView

_LEAST_TOLD_APART = 5  # voices: of fewer a share says nothing


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
        hostile_crowd=heard.hostile_crowd,
        said=compare(heard.said, stream.usual),
        lately_per_minute=_lately(window.mentions, heard),
    )


def post_view(
    thread: Thread, recent: ThreadStep, heard: Heard, at: datetime, *, window_minutes: int, usual: UsualShares
) -> SignalView:
    """Return the view of one own post's thread over the last `window_minutes`; `usual` is of the brand's stream."""
    age = thread.age_minutes(at)
    prior = thread.prior
    expected = thread.watch.expected_voices(max(0.0, age - window_minutes), age)
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
        usual_voices=expected,
        spread_voices=(expected + expected * expected / prior.size) ** 0.5,
        usual_against_share=share,
        spread_against_share=(share * (1 - share) / max(recent.voices, 1.0)) ** 0.5,
        usual_positive_share=POOLED_POSITIVE_SHARE,
        post_age_minutes=age,
        likes=thread.likes,
        replies_total=round(thread.voices),
        quotes_total=thread.quotes,
        usual_ratio=prior.usual_ratio(age),
        said=compare(heard.said, usual),
        strangers=_part(recent.who.strangers, recent.who.named, recent.voices, prior.strangers_share),
        personal=_part(recent.who.personal, recent.who.told, recent.voices, prior.personal_share),
        lately_per_minute=_lately(recent.replies, heard),
    )


def _lately(mentions: float, heard: Heard) -> float | None:
    """Return mentions a minute in the last ten minutes: the texts' share of them, copies taken to come as they do."""
    return None if heard.lately_share is None else mentions * heard.lately_share / (LATELY / timedelta(minutes=1))


def _part(count: int, known: int, voices: float, usual: float | None) -> Part | None:
    """Return the part, None where too few can be told apart, or most cannot: a remainder is no sample."""
    if known < max(_LEAST_TOLD_APART, voices / 2):
        return None
    return Part(count=count, of=known, usual=usual)


def in_company(view: SignalView, company: Company) -> SignalView:
    """Return the view with the company its voices keep; how glad a thread is, is read off its replies then."""
    if view.post_age_minutes is None or company.positive_share is None:
        return replace(view, company=company)
    return replace(view, company=company, positive=company.positive_share * view.voices)
