"""An ordinary day of a brand: free mentions in the rhythm of the week, a few own posts, their answers and likes.

Writes history, and everything in the live part that is no storm. Never judges whether a text is good or bad.
"""

from datetime import timedelta

from collectors.drills.drafts import Draft, Stage, Thread
from collectors.drills.scenario import CALM_POOLS, REPLY_POOLS
from collectors.drills.timing import DAY_MINUTES, poisson, reaction_minutes, rhythm

_HOUR_MINUTES = 60.0
_FIRST_POST_HOUR, _POSTING_HOURS = 9.5, 8.0  # own posts are spread over the working day
_POST_JITTER_MINUTES = 45.0
_LUCK_SHAPE = 2.0  # gamma shape of how well own posts do: the median is 0.84 of the mean
_REPOSTS_PER_LIKE, _QUOTES_PER_LIKE = 0.12, 0.02
_REPLY_STRANGER_SHARE = 0.5


def calm_mentions(stage: Stage, first_minute: float, last_minute: float) -> list[Draft]:
    """Return the free mentions between two minutes of the drill."""
    drafts: list[Draft] = []
    minute = first_minute
    while minute < last_minute:
        width = min(_HOUR_MINUTES, last_minute - minute)
        per_hour = stage.scenario.mentions_per_hour * rhythm(stage.instant(minute))
        count = poisson(stage.rng, per_hour * width / _HOUR_MINUTES)
        drafts += [_calm_mention(stage, minute + stage.rng.random() * width) for _ in range(count)]
        minute += width
    return drafts


def ordinary_threads(stage: Stage, first_minute: float, last_minute: float, *, cut_minute: float) -> list[Thread]:
    """Return the own posts between two minutes with their threads, cut at `cut_minute`."""
    return [
        ordinary_thread(
            stage,
            stage.own_post(minute, stage.phrases.text_of("own_posts")),
            luck=stage.rng.gammavariate(_LUCK_SHAPE, 1 / _LUCK_SHAPE),
            cut_minute=cut_minute,
        )
        for minute in _posting_minutes(stage, first_minute, last_minute)
    ]


def ordinary_thread(stage: Stage, post: Draft, *, luck: float, cut_minute: float) -> Thread:
    """Return the thread an own post would have on any day: a dozen answers and about eight likes for each.

    Args: luck: how well the post does, 1 is the mean. cut_minute: answers from this minute on are left out.
    """
    rng, scenario = stage.rng, stage.scenario
    thread = Thread(post=post)
    weights = dict(zip(REPLY_POOLS, scenario.calm_weights, strict=True))
    for _ in range(poisson(rng, scenario.replies_mean * luck)):
        minute, pool = post.minute + _reaction(stage), stage.phrases.choose(weights)
        thread.replies.append(
            Draft(
                minute=minute,
                text=stage.phrases.text_of(pool),
                pool=pool,
                author=stage.community.somebody(stranger_share=_REPLY_STRANGER_SHARE),
                parent=post,
                root=post,
            )
        )
    likes_mean = scenario.replies_mean * luck * scenario.likes_per_reply
    if scenario.likes_spread:
        likes_mean *= rng.lognormvariate(0, scenario.likes_spread)
    for minutes, mean in (
        (thread.like_minutes, likes_mean),
        (thread.repost_minutes, likes_mean * _REPOSTS_PER_LIKE),
        (thread.quote_minutes, likes_mean * _QUOTES_PER_LIKE),
    ):
        minutes.extend(post.minute + _reaction(stage) for _ in range(poisson(rng, mean)))
    thread.replies[:] = [reply for reply in thread.replies if reply.minute < cut_minute]
    return thread


def _reaction(stage: Stage) -> float:
    scenario = stage.scenario
    return reaction_minutes(stage.rng, scale_minutes=scenario.reply_scale_minutes, power=scenario.reply_power)


def _calm_mention(stage: Stage, minute: float) -> Draft:
    pool = stage.phrases.choose(dict(zip(CALM_POOLS, stage.scenario.calm_weights, strict=True)))
    return Draft(
        minute=minute,
        text=stage.phrases.text_of(pool),
        pool=pool,
        author=stage.community.somebody(stranger_share=stage.scenario.calm_stranger_share),
    )


def _posting_minutes(stage: Stage, first_minute: float, last_minute: float) -> list[float]:
    """Return minutes of own posts: the same hours every day, give or take."""
    midnight = stage.instant(first_minute).replace(hour=0, minute=0, second=0, microsecond=0)
    spacing_hours = _POSTING_HOURS / max(1, stage.scenario.posts_per_day)
    minutes = []
    for day in range(2 + int((last_minute - first_minute) // DAY_MINUTES)):
        for number in range(stage.scenario.posts_per_day):
            at = midnight + timedelta(days=day, hours=_FIRST_POST_HOUR + number * spacing_hours)
            minute = (at - stage.starts_at) / timedelta(minutes=1)
            if first_minute <= minute < last_minute:
                minute += stage.rng.uniform(-_POST_JITTER_MINUTES, _POST_JITTER_MINUTES)
                minutes.append(min(max(minute, first_minute), last_minute - 1))
    return minutes
