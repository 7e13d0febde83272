"""Writes the rows of a stream and the truth about it: a plan in, a stream out.

Uses the drills for people, phrases and timing. Same plan, same rows. Knows no detector.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.testbed.collecting import Collection, polled, spoiled
from benchmarks.testbed.labels import Plan, Story, Stream, Truth
from benchmarks.testbed.stories import HOSTILE_POOLS, POST_MINUTE, Script, script_of
from collectors.drills.generation import Drill, generate
from collectors.drills.scenario import CALM_POOLS, REPLY_POOLS
from stormcone.config import BrandSettings
from stormcone.config.brands import PlannedEvent
from stormcone.mention_file import FileRow
from stormcone.models import Engagement, Mention

_FIRST_DAY = date(2026, 3, 2)  # a Monday
_STORY_BEGINS = timedelta(minutes=POST_MINUTE)
_PLAYED = timedelta(hours=9)  # after the onset: long enough for the last forecast to come true
_ORDINARY = frozenset({*CALM_POOLS, *REPLY_POOLS})


def generate_stream(plan: Plan, *, budget: float = 1.0) -> Stream:
    """Return the stream of a plan.

    Args: budget: false pages a month of the brand; changes no row.
    """
    rng = random.Random(f"{plan.name}/story")
    script = script_of(plan, rng)
    starts_at = script.scenario.start_on(_FIRST_DAY + timedelta(days=plan.weekday))
    drill = generate(script.scenario, start=starts_at, seed=plan.seed, history_days=plan.history_days)
    rows = [_row(replace(each, brand=plan.name), plan) for each in drill.mentions]
    rows += [_row(replace(each, brand=plan.name), plan) for each in drill.engagements]
    truth = _truth(plan, script, drill)
    how = Collection(
        trouble=plan.trouble,
        brand=plan.name,
        platform=script.scenario.platform,
        per_hour=plan.per_hour,
        since=starts_at,
        onset=truth.onset or starts_at + _STORY_BEGINS,
    )
    until = min(drill.ends_at, truth.onset + _PLAYED if truth.onset else drill.ends_at)
    seen = (row for row in polled(rows, closely=truth.onset) if row.seen_at <= until)
    planned = PlannedEvent(name="campaign", first_day=starts_at.date(), last_day=drill.ends_at.date())
    return Stream(
        plan=plan,
        brand=BrandSettings(
            name=plan.name,
            false_pages_per_month=budget,
            planned_events=(planned,) if script.is_planned else (),
        ),
        rows=tuple(spoiled(list(seen), how)),
        truth=truth,
        starts_at=starts_at - timedelta(days=plan.history_days),
        ends_at=until,
    )


def _row(record: Mention | Engagement, plan: Plan) -> FileRow:
    return FileRow(record=record, seen_at=record.seen_at, place=plan.name)


def _truth(plan: Plan, script: Script, drill: Drill) -> Truth:
    """Return what was meant, from the pools the live rows were drawn from."""
    if plan.story is Story.CALM:
        return Truth(story=plan.story)
    post = _post(script, drill)
    crowd = [each for each in drill.live if _is_crowd(drill, each, post)]
    hostile = sorted(
        each.posted_at for each in crowd if drill.pools[each.id] in HOSTILE_POOLS and each.root_id == (post and post.id)
    )
    begun = hostile[0] if plan.story is Story.PILE_ON else min(each.posted_at for each in crowd)
    return Truth(
        story=plan.story,
        onset=begun,
        end=min(max(each.posted_at for each in crowd), begun + _PLAYED),
        post=(post.platform, post.id) if post else None,
        hostile_at=tuple(hostile),
    )


def _post(script: Script, drill: Drill) -> Mention | None:
    if script.post is None:
        return None
    text = script.scenario.posts[0].text
    at = drill.starts_at + _STORY_BEGINS
    return next(each for each in drill.live if each.is_own_post and each.text == text and each.posted_at == at)


def _is_crowd(drill: Drill, mention: Mention, post: Mention | None) -> bool:
    """Tell whether a row is of the story; ordinary words are told from it only where no thread does."""
    pool = drill.pools.get(mention.id)
    return pool is not None and pool not in _ORDINARY and (post is None or mention.root_id in {None, post.id})
