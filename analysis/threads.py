"""The threads of a brand's own posts, each with its watch.

Used by the brand's watch. Fed with votes and engagement, stepped together with the brand's stream. Never sees a text.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analysis.post_prior import FinishedPost, PostPrior, WhoSpeaks
from analysis.post_watch import PostEvidence, PostWatch
from stormcone.models import HOSTILE, Engagement, PostMinute, Vote

PostKey = tuple[str, str]  # platform, id


@dataclass(slots=True)
class ThreadStep:
    """What one step brought to a thread."""

    replies: float = 0.0
    voices: float = 0.0
    against: float = 0.0
    hostile: int = 0
    copies: float = 0.0
    who: WhoSpeaks = field(default_factory=WhoSpeaks)


@dataclass(slots=True, kw_only=True)
class Thread:
    """One own post with everything its watch needs.

    is_seen: False where only replies were collected, never the post itself; its age counts from the first reply.
    quotes: those the platform counts and nobody collected, None where it counts none; see _uncollected_quotes.
    most_evidence: the most its watch has reached since it last started over. The promise of the bets holds for their
    maximum too, and a storm that likes catch up with has happened all the same.
    """

    key: PostKey
    posted_at: datetime
    prior: PostPrior
    is_seen: bool
    watch: PostWatch = field(init=False)
    steps: defaultdict[int, ThreadStep] = field(default_factory=lambda: defaultdict(ThreadStep))
    likes: int | None = None
    quotes: int | None = None
    replies: float = 0.0
    voices: float = 0.0
    against: float = 0.0
    hostile_authors: int = 0
    who: WhoSpeaks = field(default_factory=WhoSpeaks)
    most_evidence: float = -math.inf
    _pending: ThreadStep = field(default_factory=ThreadStep)
    _likes_used: int = 0
    _quotes_used: int = 0
    _has_new_likes: bool = False

    def __post_init__(self) -> None:
        self.watch = PostWatch(prior=self.prior)

    def meet(self, posted_at: datetime, *, is_seen: bool) -> None:
        """Learn of the post itself, or of an earlier reply, after replies have opened the thread."""
        self.is_seen |= is_seen
        self.posted_at = min(self.posted_at, posted_at)

    def add(self, index: int, vote: Vote) -> None:
        """Take in a reply that was posted in step `index`."""
        self._count(index, 1.0, vote.thread_voice, vote.thread_against, int(vote.thread_against >= HOSTILE))
        self.steps[index].copies += vote.is_copy
        if vote.is_stranger is not None or vote.is_personal is not None:
            self._tell_apart(
                index,
                WhoSpeaks(
                    named=vote.is_stranger is not None,
                    strangers=vote.is_stranger is True,
                    told=vote.is_personal is not None,
                    personal=vote.is_personal is True,
                ),
            )

    def restore(self, index: int, minute: PostMinute) -> None:
        """Take in a stored minute of replies that lies in step `index`."""
        # A stored minute counts hostile replies: one person's repetitions carry no mass and are no further authors.
        hostile = min(minute.hostile, int(minute.against / HOSTILE))
        self._count(index, minute.replies, minute.voices, minute.against, hostile)
        who = WhoSpeaks(named=minute.named, strangers=minute.strangers, told=minute.told, personal=minute.personal)
        self._tell_apart(index, who)

    def _count(self, index: int, replies: float, voices: float, against: float, hostile: int) -> None:
        for step in (self.steps[index], self._pending):
            step.replies += replies
            step.voices += voices
            step.against += against
            step.hostile += hostile
        self.replies += replies
        self.voices += voices
        self.against += against
        self.hostile_authors += hostile

    def _tell_apart(self, index: int, who: WhoSpeaks) -> None:
        self.who.add(who)
        self.steps[index].who.add(who)

    def engage(self, seen: Engagement) -> None:
        """Take in what a look at the post's counts said."""
        if seen.likes is not None:
            self.likes = seen.likes
            self._has_new_likes = True
        if seen.quotes is not None:
            self.quotes = max(self.quotes or 0, self._uncollected_quotes(seen.quotes, seen.replies))

    def _uncollected_quotes(self, quotes: int, replies: int | None) -> int:
        """Return how many of the quotes a platform counts are not among the mentions that were collected.

        Replies are collected before quotes are, so what was collected beyond the replies counted are quotes, and those
        are voices already. Where replies are not counted, everything collected may be a quote: better too few than one
        twice.
        """
        collected = int(self.replies) if replies is None else max(0, int(self.replies) - replies)
        return max(0, quotes - collected)

    def step(self, now: datetime) -> PostEvidence:
        """Let the watch look at what arrived since the last step."""
        if self._pending.replies or self._has_new_likes:
            new_likes, new_quotes = None, 0.0
            if self._has_new_likes and self.likes is not None:
                new_likes = float(max(0, self.likes - self._likes_used))
                self._likes_used = max(self._likes_used, self.likes)
                new_quotes = float((self.quotes or 0) - self._quotes_used)
                self._quotes_used = self.quotes or 0
            self.watch.step(
                age_minutes=self.age_minutes(now),
                voices=self._pending.voices,
                against=self._pending.against,
                new_likes=new_likes,
                new_quotes=new_quotes,
            )
            self._pending, self._has_new_likes = ThreadStep(), False
            self.most_evidence = max(self.most_evidence, self.watch.evidence.pile_on)
        return self.watch.evidence

    def age_minutes(self, now: datetime) -> float:
        """Return the post's age."""
        return max(0.0, (now - self.posted_at) / timedelta(minutes=1))

    def recent(self, index: int, steps: int) -> ThreadStep:
        """Return the sums of the `steps` that end with `index`."""
        total = ThreadStep()
        for each in range(index - steps + 1, index + 1):
            if each in self.steps:
                step = self.steps[each]
                total.replies += step.replies
                total.voices += step.voices
                total.against += step.against
                total.hostile += step.hostile
                total.copies += step.copies
                total.who.add(step.who)
        return total

    def forget_evidence(self) -> None:
        """Start the bets over: a new alarm after the end needs new evidence."""
        self.watch.start_over()
        self.most_evidence = -math.inf

    def finished(self) -> FinishedPost:
        """Return what the post teaches the next one's prior."""
        return FinishedPost(
            voices=self.voices,
            against=self.against,
            likes=self.likes,
            quotes=self.quotes or 0,
            by_age=tuple(self.watch.by_age),
            is_seen=self.is_seen,
            who=self.who,
        )
