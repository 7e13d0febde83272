"""What is normal for a brand's own posts: how many reply, when, against what, and how many like.

The prior of the own-post watch, learned from the brand's earlier posts and shrunk to a pool, so that a new brand and a
first post are protected too. Pure numbers; never looks at the post being watched.
"""

import math
import statistics
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
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
# Ages of a post, in minutes, between which replies and quotes per like are compared: people answer at once, and go on
# liking for hours. Own choice: a young post, the hours in which it is still shown to many, and what comes later.
_AGE_EDGES: Final = (30.0, 180.0)
AGE_BANDS: Final = len(_AGE_EDGES) + 1
_MOST_AGE_FACTOR = 5.0  # times the usual odds at all ages; beyond is no habit of a public
_BAND_WORTH = 10.0  # reactions that the odds of all ages are worth in each band
_MOST_VOICES = 50.0  # of one post that teach a share: one storm of the past is not the norm
_LEAST_POSTS, _LEAST_VOICES = 3, 20.0  # earlier posts, and voices below them, that make a usual share


@dataclass(slots=True, kw_only=True)
class WhoSpeaks:
    """Voices of a thread, told apart; see PostMinute.

    strangers: of the `named` voices, those that never mentioned the brand before. personal: of the `told` voices, those
    that speak from own experience.
    """

    named: int = 0
    strangers: int = 0
    told: int = 0
    personal: int = 0

    def add(self, other: "WhoSpeaks") -> None:
        """Count the voices of another in."""
        self.named += other.named
        self.strangers += other.strangers
        self.told += other.told
        self.personal += other.personal


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPost:
    """One earlier post after its watch: voices and their hostility in its thread, likes where known.

    quotes: those that were only counted. by_age: replies and quotes, and likes, gained in each band of age between
    looks at the likes. is_seen: False for a thread that hangs on a post nobody collected, as support threads below a
    customer's post do.
    """

    voices: float
    against: float
    likes: int | None
    quotes: int = 0
    by_age: tuple[tuple[float, float], ...] = ()
    is_seen: bool = True
    who: WhoSpeaks = field(default_factory=WhoSpeaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPrior:
    """Priors of a new post's thread.

    mean_replies, size: negative binomial of the voices in the watched time. against: beta prior (a, b) of a
    voice's hostility. ratio: beta prior (a, b) of a reaction being a reply or quote rather than a like. posts: how many
    earlier posts stand behind it. age_factors: how many times the odds of `ratio` are usual in each band of age;
    age_factors_so_far: and from the beginning to the end of the band. strangers_share, personal_share: what part of the
    voices usually never mentioned the brand before, and what part speaks from own experience; None while too few
    earlier posts can say.
    """

    mean_replies: float
    size: float
    against: tuple[float, float]
    ratio: tuple[float, float]
    posts: int
    age_factors: tuple[float, ...] = (1.0,) * AGE_BANDS
    age_factors_so_far: tuple[float, ...] = (1.0,) * AGE_BANDS
    strangers_share: float | None = None
    personal_share: float | None = None

    def usual_ratio(self, age_minutes: float) -> float | None:
        """Return the replies and quotes per like that earlier posts had at this age; None for a first post."""
        if not self.posts:
            return None
        return self.ratio[0] / self.ratio[1] * self.age_factors_so_far[age_band(age_minutes)]


def age_band(age_minutes: float) -> int:
    """Return the band of a post's age.

    >>> [age_band(age) for age in (0, 30, 31, 500)]
    [0, 0, 1, 2]
    """
    return bisect_left(_AGE_EDGES, age_minutes)


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

    Args: earlier: the brand's finished posts, at most the newest 40 are worth giving; threads whose post was never
        collected teach only where there are no others. against_share: mean hostility of a reply before earlier posts
        say better, 0..1; worth 20 replies.
    Source: own definition; moment estimates shrunk to the pool.
    >>> learn_prior([], against_share=0.25).mean_replies
    12.0
    """
    earlier = [post for post in earlier if post.is_seen] or earlier
    age_factors, so_far = _age_factors(earlier)
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
        age_factors=age_factors,
        age_factors_so_far=so_far,
        strangers_share=_usual_share([(post.who.strangers, post.who.named) for post in earlier]),
        personal_share=_usual_share([(post.who.personal, post.who.told) for post in earlier]),
    )


def _usual_share(parts: Sequence[tuple[int, int]]) -> float | None:
    """Return the mean share over posts, each weighed by its voices up to a bound; None while there are too few."""
    told = [(part, whole) for part, whole in parts if whole >= _LEAST_REPLIES]
    weights = [min(float(whole), _MOST_VOICES) for _, whole in told]
    if len(told) < _LEAST_POSTS or sum(weights) < _LEAST_VOICES:
        return None
    return sum(weight * part / whole for weight, (part, whole) in zip(weights, told, strict=True)) / sum(weights)


def _size(counts: Sequence[float], mean: float) -> float:
    if len(counts) < 2:  # noqa: PLR2004 - a variance needs two
        return _POOLED_SIZE
    excess = max(statistics.variance(counts) - mean, 0.1 * mean)
    own = min(20.0, max(0.3, mean * mean / excess))
    weight = len(counts) / (len(counts) + 2 * _POOLED_POSTS)
    return math.exp(weight * math.log(own) + (1 - weight) * math.log(_POOLED_SIZE))


def _against(earlier: Sequence[FinishedPost], against_share: float) -> tuple[float, float]:
    told = [post for post in earlier if post.voices >= _LEAST_REPLIES]
    voices = sum(min(post.voices, _MOST_VOICES) for post in told) + 20.0
    against = sum(post.against * min(1.0, _MOST_VOICES / post.voices) for post in told) + 20.0 * against_share
    share = min(0.9, against / voices)
    return _HOSTILITY_WORTH * share, _HOSTILITY_WORTH * (1 - share)


def _ratio(earlier: Sequence[FinishedPost]) -> tuple[float, float]:
    shares = [
        (post.voices + post.quotes) / (post.voices + post.quotes + post.likes)
        for post in earlier
        if post.likes is not None and post.voices >= _LEAST_REPLIES
    ]
    pooled_share = _POOLED_RATIO[0] / sum(_POOLED_RATIO)
    share = (sum(shares) + _POOLED_POSTS * pooled_share) / (len(shares) + _POOLED_POSTS)
    spread = statistics.pvariance(shares) if len(shares) >= _LEAST_REPLIES else 0.0
    worth = min(30.0, max(4.0, share * (1 - share) / max(spread, 1e-3) - 1.0)) if spread else sum(_POOLED_RATIO)
    return worth * share, worth * (1 - share)


def _age_factors(earlier: Sequence[FinishedPost]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return by band of age how many times the odds of all ages a reaction is a reply or quote rather than a like.

    Returns: in each band, and from the beginning to its end.
    Source: own definition; sums over posts, each up to a bound, shrunk to no difference.
    """
    looked = [post.by_age for post in earlier if sum(map(sum, post.by_age)) > 0]
    scales = [min(1.0, _MOST_VOICES / sum(map(sum, bands))) for bands in looked]
    replies = [[scale * pair[0] for pair in bands] for bands, scale in zip(looked, scales, strict=True)]
    likes = [[scale * pair[1] for pair in bands] for bands, scale in zip(looked, scales, strict=True)]
    all_replies, all_likes = sum(map(sum, replies)) + _POOLED_RATIO[0], sum(map(sum, likes)) + _POOLED_RATIO[1]
    share = all_replies / (all_replies + all_likes)
    in_band, so_far = [], []
    for band in range(AGE_BANDS):
        in_band.append(_age_factor([each[band] for each in replies], [each[band] for each in likes], share))
        begun = slice(band + 1)
        so_far.append(_age_factor([sum(each[begun]) for each in replies], [sum(each[begun]) for each in likes], share))
    return tuple(in_band), tuple(so_far)


def _age_factor(replies: Sequence[float], likes: Sequence[float], share: float) -> float:
    posts = sum(one + other > 0 for one, other in zip(replies, likes, strict=True))
    odds = (sum(replies) + _BAND_WORTH * share) / (sum(likes) + _BAND_WORTH * (1 - share))
    factor: float = (odds * (1 - share) / share) ** (posts / (posts + _POOLED_POSTS))
    return min(_MOST_AGE_FACTOR, max(1 / _MOST_AGE_FACTOR, factor))
