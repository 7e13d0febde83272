"""What is generated for one run: every story at every rate of talk, pile-ons in all sizes and tones, and calm months.

Pure lists. The number of seeds multiplies everything but the calm months.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from benchmarks.testbed.labels import Plan, Size, Split, Story, Tone, Trouble

RATES = (4, 20, 200)  # mentions an hour

_STORY_HISTORY_DAYS = {4: 5, 20: 4, 200: 2}  # a busy brand is learned sooner, and its days cost more
_CALM = {4: (6, 28), 20: (2, 28), 200: (1, 7)}  # brands, and days of each
_QUICK_CALM = {4: (1, 14)}
_BUSY = 200  # mentions an hour from which a stream is dear: half of the pile-ons, no repeats of what is alike
_RARELY_BUSY = frozenset({Story.TROLLS, Story.CAMPAIGN_GIVEAWAY})


def all_plans(split: Split, *, seeds: int) -> list[Plan]:
    """Return the plans of a full run."""
    plans: list[Plan] = []
    for seed in range(1, seeds + 1):
        plans += _pile_ons(split, seed)
        plans += _others(split, seed)
        plans += _troubled(split, seed)
    return [*plans, *_calm(split, _CALM)]


def quick_plans(split: Split) -> list[Plan]:
    """Return a small part of everything: brands at 20 mentions an hour, and a calm fortnight."""
    pile_ons = [plan for plan in _pile_ons(split, 1) if plan.per_hour == 20 and plan.size is not Size.HUGE]
    others = [plan for plan in _others(split, 1) if plan.per_hour == 20]
    return [*pile_ons, *others, *_calm(split, _QUICK_CALM)]


def _pile_ons(split: Split, seed: int) -> Iterator[Plan]:
    """Every rate, size and tone, at once and delayed; with likes that follow and without, in turn."""
    for per_hour, size, tone in product(RATES, Size, Tone):
        turn = seed + list(Size).index(size) + list(Tone).index(tone)
        for is_delayed in (False, True):
            if per_hour < _BUSY or is_delayed == (turn % 2 == 0):
                yield Plan(
                    story=Story.PILE_ON,
                    split=split,
                    per_hour=per_hour,
                    seed=seed,
                    history_days=_STORY_HISTORY_DAYS[per_hour],
                    tone=tone,
                    size=size,
                    is_delayed=is_delayed,
                    likes_follow=(turn // 2 + is_delayed) % 2 == 0,
                )


def _others(split: Split, seed: int) -> Iterator[Plan]:
    for story, per_hour in product(Story, RATES):
        if story not in {Story.CALM, Story.PILE_ON} and not (per_hour >= _BUSY and story in _RARELY_BUSY):
            yield Plan(
                story=story, split=split, per_hour=per_hour, seed=seed, history_days=_STORY_HISTORY_DAYS[per_hour]
            )


def _troubled(split: Split, seed: int) -> Iterator[Plan]:
    """Pile-ons and calm days that are badly collected; of busy brands only where the trouble is their own."""
    for trouble, per_hour in product(Trouble, RATES):
        if trouble is Trouble.NONE or (per_hour >= _BUSY and trouble is not Trouble.CAPPED):
            continue
        calm = Plan(
            story=Story.CALM,
            split=split,
            per_hour=per_hour,
            seed=seed,
            history_days=_STORY_HISTORY_DAYS[per_hour],
            trouble=trouble,
        )
        yield calm
        yield replace(calm, story=Story.PILE_ON, tone=Tone.PLAIN, size=Size.LARGE)


def _calm(split: Split, brands: dict[int, tuple[int, int]]) -> Iterator[Plan]:
    for per_hour, (count, days) in brands.items():
        for number in range(1, count + 1):
            yield Plan(story=Story.CALM, split=split, per_hour=per_hour, seed=100 + number, history_days=days)
