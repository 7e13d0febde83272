"""How each story goes: which crowds come when, what they say, and on which own post they say it.

Makes the scenario of one stream, in the words of the drills, from a plan. The two splits differ in words and in timing:
crowds of `tune` rise, stay and halve; those of `held` smoulder first and then answer each other. Writes no rows.
"""

import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.testbed.labels import Plan, Size, Split, Story, Tone
from collectors.drills.phrases import Phrasebook
from collectors.drills.scenario import OwnPost, Phase, RateCurve, Scenario

POST = "post"  # key of the own post a story hangs on
POST_MINUTE = 20.0
HOSTILE_POOLS = frozenset({"hostile_plain", "hostile_sarcastic", "outage", "hijack", "script", "troll"})

_WORDS = Path(__file__).parent / "words"
_LIVE_HOURS = 12
_QUIET_LIVE_HOURS = {False: 1, True: 12}  # a calm stream is all history, unless its collector is in trouble
_REPLIES_MEAN = {4: 10.0, 20: 14.5, 200: 60.0}  # to an ordinary own post of such a brand
_VIRAL = (5.0, 40.0)  # times the usual volume
_VIRAL_HOURS = 1.5
_MOST_MESSAGES = 2500
_SEVERAL_TROLLS = 3
_FEW = 80  # messages below which a crowd loses interest sooner


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A story ready to be generated. post: key of the own post it hangs on. is_planned: it is in the calendar."""

    scenario: Scenario
    post: str | None = None
    is_planned: bool = False


def script_of(plan: Plan, rng: random.Random) -> Script:
    """Return how the story of `plan` goes, with chance from `rng`."""
    words = _words(plan.split)
    if plan.story is Story.CALM:
        hours = _QUIET_LIVE_HOURS[plan.trouble.value != "none"]
        return Script(scenario=_scenario(plan, words, rng, hours=hours, phases=(), has_post=False))
    teller = _Teller(plan=plan, rng=rng)
    phases = tuple(_STORIES[plan.story](teller))
    has_post = any(phase.answers == POST for phase in phases)
    return Script(
        scenario=_scenario(plan, words, rng, hours=_LIVE_HOURS, phases=phases, has_post=has_post),
        post=POST if has_post else None,
        is_planned=plan.story is Story.CAMPAIGN_PLANNED,
    )


@cache
def _words(split: Split) -> Mapping[str, Any]:
    return tomllib.loads((_WORDS / f"{split}.toml").read_text(encoding="utf-8"))


def _scenario(
    plan: Plan, words: Mapping[str, Any], rng: random.Random, *, hours: int, phases: tuple[Phase, ...], has_post: bool
) -> Scenario:
    """Return a scenario whose ordinary posts are answered as fast as real ones: half in 18 minutes, 81 % in 90."""
    scenario = Scenario.model_validate(
        {
            **words,
            "name": plan.name,
            "platform": plan.name,
            "start_hour": rng.randrange(7, 21),
            "live_minutes": hours * 60,
            "mentions_per_hour": plan.per_hour,
            "posts_per_day": 2,
            "posts_go_on": True,
            "replies_mean": _REPLIES_MEAN[plan.per_hour],
            "likes_spread": 0.8,
            "reply_scale_minutes": 11.2,
            "reply_power": 0.69,
        }
    )
    posts: tuple[OwnPost, ...] = ()
    if has_post:
        text = Phrasebook(scenario, rng).text_of("own_posts")
        posts = (OwnPost(key=POST, at_minute=POST_MINUTE, text=text),)
    return scenario.model_copy(update={"posts": posts, "phases": phases})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """Writes the crowds of one story."""

    plan: Plan
    rng: random.Random

    def crowd(
        self,
        messages: float,
        pools: Mapping[str, float],
        *,
        starts_minute: float,
        **facts: Any,  # noqa: ANN401 - any keys of Phase
    ) -> Iterator[Phase]:
        """Yield the phases of one crowd, in the timing of the split."""
        curves = _risen(messages) if self.plan.split is Split.TUNE else _smouldering(messages)
        for later, branches, curve in curves:
            if "authors" not in facts and "answers" in facts:
                facts = {**facts, "branch_share": branches}
            yield Phase(crowd="crowd", starts_minute=starts_minute + later, rate=curve, pools=pools, **facts)

    def onset(self) -> float:
        """Return when the crowd comes, in minutes of the drill."""
        after = self.rng.uniform(30, 120) if self.plan.is_delayed else self.rng.uniform(3, 12)
        return POST_MINUTE + after

    def viral_messages(self, usual: float) -> float:
        """Return 5 to 40 times the usual, within bounds that keep runs short."""
        return min(_MOST_MESSAGES, max(60.0, usual * self.rng.uniform(*_VIRAL)))

    def pile_on(self) -> Iterator[Phase]:
        size = self.plan.size or Size.MEDIUM
        plain = self.plan.tone is not Tone.SARCASTIC
        voices = (0.7, 0.1) if plain else (0.1, 0.7)
        pools = {"hostile_plain": voices[0], "hostile_sarcastic": voices[1], "bystander": 0.12, "support": 0.08}
        onset = self.onset()
        if self.plan.is_delayed:  # somebody with many readers quotes the post
            curve = RateCurve(messages=1, rise_minutes=0, half_life_minutes=1)
            mocking = {"hostile_plain" if plain else "hostile_sarcastic": 1.0}
            yield Phase(crowd="quoter", starts_minute=onset - 2, rate=curve, pools=mocking, followers_median=400_000)
        yield from self.crowd(
            size.messages,
            pools,
            starts_minute=onset,
            answers=POST,
            large_accounts=size.messages // 60,
            likes_per_message=3.0 if self.plan.likes_follow else 0.2,
            quotes_per_message=0.15,
        )
        yield from self.crowd(0.15 * size.messages, pools, starts_minute=onset + 15)

    def outage(self) -> Iterator[Phase]:
        messages = min(1500, max(60, 8 * self.plan.per_hour))
        yield from self.crowd(messages, {"outage": 9, "bystander": 1}, starts_minute=30, stranger_share=0.6)

    def hijack(self) -> Iterator[Phase]:
        messages = min(1500, max(80, 10 * self.plan.per_hour))
        yield from self.crowd(messages, {"hijack": 9, "bystander": 1}, starts_minute=30, large_accounts=2)

    def praise_on_post(self) -> Iterator[Phase]:
        pools = {"praise": 6, "excited": 2, "reply_neutral": 1}
        messages = self.viral_messages(_REPLIES_MEAN[self.plan.per_hour])
        facts = {"answers": POST, "likes_per_message": 9.0, "reposts_per_message": 2.0, "quotes_per_message": 0.3}
        yield from self.crowd(messages, pools, starts_minute=self.onset(), large_accounts=2, **facts)

    def free_praise(self) -> Iterator[Phase]:
        pools = {"praise": 6, "excited": 2, "calm_neutral": 1}
        messages = self.viral_messages(self.plan.per_hour * _VIRAL_HOURS)
        yield from self.crowd(messages, pools, starts_minute=30, large_accounts=2)

    def planned_campaign(self) -> Iterator[Phase]:
        messages = min(_MOST_MESSAGES, 40 * self.plan.per_hour)
        curve = RateCurve(messages=messages, rise_minutes=60, plateau_minutes=420, half_life_minutes=60)
        pools = {"campaign": 8, "praise": 1, "calm_neutral": 2, "calm_negative": 0.5}
        yield Phase(crowd="entrants", starts_minute=30, rate=curve, pools=pools, stranger_share=0.7)

    def giveaway(self) -> Iterator[Phase]:
        pools = {"campaign": 8, "reply_positive": 2, "reply_neutral": 1, "reply_negative": 0.3}
        messages = self.viral_messages(_REPLIES_MEAN[self.plan.per_hour])
        facts = {"answers": POST, "likes_per_message": 4.0, "reposts_per_message": 1.5}
        yield from self.crowd(messages, pools, starts_minute=self.onset(), **facts)
        yield from self.crowd(3 * self.plan.per_hour, {"campaign": 1}, starts_minute=self.onset() + 5)

    def brigade(self) -> Iterator[Phase]:
        where = {"answers": POST} if self.rng.random() < 0.5 else {}
        for burst in range(4):
            curve = RateCurve(messages=45, rise_minutes=1, plateau_minutes=5, half_life_minutes=1)
            yield Phase(
                crowd="new accounts",
                starts_minute=POST_MINUTE + 15 + burst * self.rng.uniform(18, 30),
                rate=curve,
                pools={"script": 1},
                stranger_share=1,
                repeat_share=0,
                followers_median=8,
                account_age_days=(0.3, 12),
                **where,
            )

    def trolls(self) -> Iterator[Phase]:
        count = 1 if self.plan.story is Story.TROLL else _SEVERAL_TROLLS
        curve = RateCurve(messages=70 * count, rise_minutes=10, plateau_minutes=120, half_life_minutes=20)
        facts = {"answers": POST, "authors": count}
        yield Phase(crowd="trolls", starts_minute=self.onset(), rate=curve, pools={"troll": 1}, **facts)

    def reposts(self) -> Iterator[Phase]:
        messages = min(_MOST_MESSAGES, max(120, 25 * self.plan.per_hour))
        yield from self.crowd(messages, {"repost": 20, "calm_neutral": 1}, starts_minute=30, repeat_share=0)


_STORIES: Mapping[Story, Callable[[_Teller], Iterator[Phase]]] = {
    Story.PILE_ON: _Teller.pile_on,
    Story.OUTAGE: _Teller.outage,
    Story.HIJACK: _Teller.hijack,
    Story.PRAISE_POST: _Teller.praise_on_post,
    Story.PRAISE_FREE: _Teller.free_praise,
    Story.CAMPAIGN_PLANNED: _Teller.planned_campaign,
    Story.CAMPAIGN_GIVEAWAY: _Teller.giveaway,
    Story.BRIGADE: _Teller.brigade,
    Story.TROLL: _Teller.trolls,
    Story.TROLLS: _Teller.trolls,
    Story.REPOSTS: _Teller.reposts,
}


def _risen(messages: float) -> Iterator[tuple[float, float, RateCurve]]:
    """Yield (minutes later, share of answers to answers, curve) of a crowd that rises, stays and halves."""
    half_life = 45 if messages < _FEW else 70
    curve = RateCurve(
        messages=max(2, round(messages)), rise_minutes=35, plateau_minutes=10, half_life_minutes=half_life
    )
    yield 0.0, 0.2, curve


def _smouldering(messages: float) -> Iterator[tuple[float, float, RateCurve]]:
    """Yield the same of a crowd that smoulders, catches fire, and is kept alive by people answering each other."""
    first, most = max(2, round(0.18 * messages)), max(2, round(0.82 * messages))
    half_life = 50 if messages < _FEW else 100
    yield 0.0, 0.0, RateCurve(messages=first, rise_minutes=5, plateau_minutes=25, half_life_minutes=half_life / 2)
    yield 18.0, 0.45, RateCurve(messages=most, rise_minutes=15, plateau_minutes=20, half_life_minutes=half_life)
