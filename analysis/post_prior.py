"""What is normal for a brand's own posts: how many reply, when, against what, and how many like.

The prior of the own-post watch, learned from the brand's earlier posts and shrunk to a pool, so that a new brand and a
first post are protected too. Pure numbers; never looks at the post being watched.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WATCHED_MINUTES = 48 * 60  # a thread is watched for two days; later replies are the stream's business
# Scale and shape of the pooled reply-time curve: least squares on when 4,173 replies of 296 ordinary threads came
# (SemEval-2017 task 8: 50 % within 18 minutes, 81 % within 90, 93 % within 6 hours; it is off by 2 points at most).
_CURVE_MINUTES = 14.0
_CURVE_SHAPE = 0.8
_POOLED_REPLIES = 12.0  # median ordinary thread: 11 replies (SemEval-2017 task 8 threads, n = 296)
_POOLED_SIZE = 1.0
_POOLED_POSTS = 3.0  # earlier posts the pool is worth
_POOLED_RATIO = (0.6, 3.4)  # replies and likes of a usual post: 15 % replies
# Mean hostility under a usual post, before a brand's own are known: between the .31 of ordinary threads about the news
# (SemEval-2017 task 8) and the .15 under one brand's advert (1,218 comments, 2025).
POOLED_HOSTILITY: Final = 0.20
# What the prior of a thread's hostility is worth, in yes-or-no answers: the means of 173 ordinary threads differ by a
# variance of .0034 once chance within them is taken off, that of a beta distribution of 61.
_HOSTILITY_WORTH = 60.0
_LEAST_REPLIES = 3  # fewer replies say nothing about a share


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPost:
    """One earlier post after its watch: voices and their hostility in its thread, likes where known."""

    voices: float
    against: float
    likes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPrior:
    """Priors of a new post's thread.

    mean_replies, size: negative binomial of the voices in the watched time. against: beta prior (a, b) of a
    voice's hostility. ratio: beta prior (a, b) of a reaction being a reply rather than a like. posts: how many earlier
    posts stand behind it.
    """

    mean_replies: float
    size: float
    against: tuple[float, float]
    ratio: tuple[float, float]
    posts: int


def reply_curve(age_minutes: float) -> float:
    """Return the share of a usual thread's replies that arrive within `age_minutes` of the post.

    A power law, as reactions on social media decay.
    Source: shape after Crane and Sornette 2008, PNAS 105:15649, fitted to SemEval-2017 task 8.
    >>> round(reply_curve(90), 2), reply_curve(WATCHED_MINUTES)
    (0.81, 1.0)
    """
    if age_minutes >= WATCHED_MINUTES:
        return 1.0
    whole: float = 1.0 - (1.0 + WATCHED_MINUTES / _CURVE_MINUTES) ** -_CURVE_SHAPE
    arrived: float = 1.0 - (1.0 + max(age_minutes, 0.0) / _CURVE_MINUTES) ** -_CURVE_SHAPE
    return arrived / whole


def learn_prior(earlier: Sequence[FinishedPost], *, against_share: float = POOLED_HOSTILITY) -> PostPrior:
    """Return the prior for the next post.

    Args: earlier: the brand's finished posts, at most the newest 40 are worth giving. against_share: mean
        hostility of a reply before earlier posts say better, 0..1; worth 20 replies.
    Source: own definition; moment estimates shrunk to the pool.
    >>> learn_prior([], against_share=0.25).mean_replies
    12.0
    """
    counts = sorted(post.voices for post in earlier)
    cut = counts[int(0.95 * (len(counts) - 1))] + 1.0 if counts else 0.0  # one storm of the past is not the norm
    cut_counts = [min(count, cut) for count in counts]
    weight = len(cut_counts) + _POOLED_POSTS
    mean = (sum(cut_counts) + _POOLED_POSTS * _POOLED_REPLIES) / weight
    return PostPrior(
        mean_replies=mean,
        size=_size(cut_counts, mean),
        against=_against(earlier, against_share),
        ratio=_ratio(earlier),
        posts=len(earlier),
    )


def _size(counts: Sequence[float], mean: float) -> float:
    if len(counts) < 2:  # noqa: PLR2004 - a variance needs two
        return _POOLED_SIZE
    excess = max(statistics.variance(counts) - mean, 0.1 * mean)
    own = min(20.0, max(0.3, mean * mean / excess))
    weight = len(counts) / (len(counts) + 2 * _POOLED_POSTS)
    return math.exp(weight * math.log(own) + (1 - weight) * math.log(_POOLED_SIZE))


def _against(earlier: Sequence[FinishedPost], against_share: float) -> tuple[float, float]:
    told = [post for post in earlier if post.voices >= _LEAST_REPLIES]
    voices = sum(min(post.voices, 50.0) for post in told) + 20.0
    against = sum(post.against * min(1.0, 50.0 / post.voices) for post in told) + 20.0 * against_share
    share = min(0.9, against / voices)
    return _HOSTILITY_WORTH * share, _HOSTILITY_WORTH * (1 - share)


def _ratio(earlier: Sequence[FinishedPost]) -> tuple[float, float]:
    shares = [p.voices / (p.voices + p.likes) for p in earlier if p.likes is not None and p.voices >= _LEAST_REPLIES]
    pooled_share = _POOLED_RATIO[0] / sum(_POOLED_RATIO)
    share = (sum(shares) + _POOLED_POSTS * pooled_share) / (len(shares) + _POOLED_POSTS)
    spread = statistics.pvariance(shares) if len(shares) >= _LEAST_REPLIES else 0.0
    worth = min(30.0, max(4.0, share * (1 - share) / max(spread, 1e-3) - 1.0)) if spread else sum(_POOLED_RATIO)
    return worth * share, worth * (1 - share)
