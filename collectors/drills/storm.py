"""What happens in a drill besides ordinary talk: the phases of the scenario, and the brand's bot.

Writes the live part only. Every phase is one crowd with its own arrival curve, words and people. Never looks at what
the scenario expects a detector to say.
"""

from collections.abc import Mapping

from collectors.drills.drafts import Draft, Stage, Thread
from collectors.drills.people import Author
from collectors.drills.scenario import Bot, Phase
from collectors.drills.timing import Arrival, arrivals, poisson

_EARLY = (0.05, 0.6)  # large accounts speak within this part of a crowd, where they can still make it grow
_ECHO_MINUTES = 3.0  # a like, repost or quote follows the message that brought it after about so long


def phase_drafts(stage: Stage, phase: Phase, threads: Mapping[str, Thread]) -> list[Draft]:
    """Return the messages of one crowd and add its likes, reposts and quotes to the thread it answers.

    Messages after the end of the drill are dropped, and with them nothing that was answered earlier.
    """
    thread = threads.get(phase.answers or phase.reposts or "")
    ends_minute = stage.scenario.live_minutes
    crowd = [
        each
        for each in arrivals(stage.rng, phase.rate, phase.branch_share if phase.answers else 0)
        if phase.starts_minute + each.minute < ends_minute
    ]
    written: dict[Arrival, Draft] = {}
    for arrival, author in zip(crowd, _authors(stage, phase, len(crowd)), strict=True):
        parent = written[arrival.answers] if arrival.answers else None
        written[arrival] = _draft(stage, phase, phase.starts_minute + arrival.minute, author, thread, parent)
    drafts = list(written.values())
    if thread is not None:
        _record(stage, phase, thread, drafts)
    return drafts


def bot_threads(stage: Stage, bot: Bot) -> list[Thread]:
    """Return the posts of an automatic account of the brand; nobody answers them one by one."""
    return [
        Thread(post=stage.own_post(bot.starts_minute + number * bot.every_minutes, stage.phrases.text_of(bot.pool)))
        for number in range(bot.posts)
    ]


def _draft(
    stage: Stage, phase: Phase, minute: float, author: Author, thread: Thread | None, parent: Draft | None
) -> Draft:
    if phase.reposts and thread:
        return Draft(minute=minute, text=f"RT @{stage.scenario.handle}: {thread.post.text}", author=author)
    post = thread.post if thread else None
    pool = stage.phrases.choose(phase.pools)
    text = stage.phrases.text_of(pool)
    return Draft(minute=minute, text=text, author=author, parent=parent or post, root=post, pool=pool)


def _authors(stage: Stage, phase: Phase, count: int) -> list[Author]:
    """Return one author a message: mostly strangers, some who speak again, a few with a large following."""
    if phase.authors is not None:
        fixed = [_stranger(stage, phase) for _ in range(phase.authors)]
        return [stage.rng.choice(fixed) for _ in range(count)]
    early = range(int(count * _EARLY[0]), int(count * _EARLY[1]))
    large = set(stage.rng.sample(early, min(phase.large_accounts, len(early))))
    authors: list[Author] = []
    for number in range(count):
        if number in large:
            author = stage.community.stranger(age_days=phase.account_age_days, is_large=True)
        elif authors and stage.rng.random() < phase.repeat_share:
            author = stage.rng.choice(authors)
        elif stage.rng.random() < phase.stranger_share:
            author = _stranger(stage, phase)
        else:
            author = stage.community.somebody(stranger_share=0)
        authors.append(author)
    return authors


def _stranger(stage: Stage, phase: Phase) -> Author:
    return stage.community.stranger(followers_median=phase.followers_median, age_days=phase.account_age_days)


def _record(stage: Stage, phase: Phase, thread: Thread, drafts: list[Draft]) -> None:
    if phase.answers:
        thread.replies.extend(drafts)
    else:
        thread.repost_minutes.extend(draft.minute for draft in drafts)
    for minutes, mean in (
        (thread.like_minutes, phase.likes_per_message),
        (thread.repost_minutes, phase.reposts_per_message),
        (thread.quote_minutes, phase.quotes_per_message),
    ):
        for draft in drafts:
            for _ in range(poisson(stage.rng, mean)):
                minutes.append(draft.minute + stage.rng.expovariate(1 / _ECHO_MINUTES))
