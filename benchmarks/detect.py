"""Quality of detection on the seeded test-bed: `python -m benchmarks.detect`.

Generates labelled streams (see `benchmarks.testbed`), plays them through the pipeline that `stormcone replay` uses, and
prints what was found, how soon, and what was paged for nothing, beside published rules of other products on the same
rows. Ends with 1 where a bar is missed. Quality is reported on the split `held`; constants are chosen on `tune`.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from typing import Any

from pydantic import ValidationError

from benchmarks.tables import show_json
from benchmarks.testbed.figures import Bar, bars
from benchmarks.testbed.labels import Plan, Split
from benchmarks.testbed.outcomes import Outcome
from benchmarks.testbed.plans import all_plans, quick_plans
from benchmarks.testbed.playing import Player, packs_of
from benchmarks.testbed.tables import show_all
from stormcone.config import Config

_SECTIONS = ("detector", "severity", "kinds")


def measure(plans: Sequence[Plan], *, config: Config, budget: float, jobs: int) -> Iterator[Outcome]:
    """Yield the outcome of each plan, several at a time, in an order that does not depend on `jobs`."""
    play = partial(_play, settings=config.model_dump_json(), budget=budget)
    if jobs == 1:
        for pack in packs_of(plans):
            yield from play(pack)
        return
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for outcomes in pool.map(play, packs_of(plans)):
            yield from outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate, play, print, and return the exit status."""
    options = _options(arguments)
    try:
        config = config_with(options.set)
    except (ValueError, tomllib.TOMLDecodeError) as error:
        print(f"--set: {_first_line(error)}", file=sys.stderr)
        return 2
    split = Split(options.split)
    plans = quick_plans(split) if options.quick else all_plans(split, seeds=options.seeds)
    plans = [plan for plan in plans if options.only in plan.name]
    if not plans:
        print(f"--only {options.only}: no stream has this in its name", file=sys.stderr)
        return 2
    outcomes = list(measure(plans, config=config, budget=options.budget, jobs=options.jobs))
    held = bars(outcomes, budget=options.budget)
    print(f"split {split}, budget {options.budget:g}, {len(plans)} streams")
    show_all(outcomes, held)
    if options.json:
        for outcome in outcomes:
            show_json(line_of(outcome))
        show_json({"benchmark": "detect", "split": split, "budget": options.budget, "bars": _told(held)})
    missed = [bar for bar in held if not bar.is_held]
    for bar in missed:
        print(f"missed: {bar.name} {bar.value:.2f}, promised {bar.promise}", file=sys.stderr)
    return 1 if missed and not options.no_fail else 0


def config_with(assignments: Sequence[str]) -> Config:
    """Return the default settings with some keys changed, as `stormcone replay --set` does.

    Args: assignments: such as "detector.warn_factor=10" or "kinds.young_days=60", the value as in config.toml.
    Raises: ValueError: a key is unknown, or a value cannot be.
    >>> config_with(["detector.warn_factor=10"]).detector.warn_factor
    10.0
    """
    config = Config()
    changed: dict[str, dict[str, Any]] = {}
    for assignment in assignments:
        key, _, value = assignment.partition("=")
        section, _, name = key.strip().partition(".")
        if section not in _SECTIONS or not name:
            raise ValueError(f"write detector.key=value (or severity, or kinds), not {assignment!r}")
        changed.setdefault(section, {})[name] = tomllib.loads(f"value = {value}")["value"]
    sections = {name: type(getattr(config, name))(**values) for name, values in changed.items()}
    return config.model_copy(update=sections)


def line_of(outcome: Outcome) -> dict[str, Any]:
    """Return what is worth knowing of one stream, for a line of JSON."""
    plan = outcome.plan
    return {
        "stream": plan.name,
        "story": plan.story,
        "per_hour": plan.per_hour,
        "seed": plan.seed,
        "tone": plan.tone,
        "size": plan.size,
        "delayed": plan.is_delayed,
        "likes_follow": plan.likes_follow,
        "trouble": plan.trouble,
        "onset": None if outcome.onset is None else outcome.onset.isoformat(),
        "hostile": outcome.hostile,
        "minutes_to": {level.word: round(minutes, 1) for level, minutes in outcome.reached.items()},
        "hostile_before_page": outcome.hostile_before_page,
        "incidents": outcome.incidents,
        "kinds": outcome.kinds,
        "pages": [asdict(each) | {"at": each.at.isoformat()} for each in outcome.pages],
        "false_pages": [asdict(each) | {"at": each.at.isoformat()} for each in outcome.false_pages],
        "calm_days": round(outcome.calm_days, 2),
        "evidence": outcome.evidence,
        "forecasts": [asdict(each) for each in outcome.forecasts],
        "peaks": [asdict(each) for each in outcome.peaks],
        "rules": {each.rule: each.delay_minutes for each in outcome.rules},
    }


def _told(held: Sequence[Bar]) -> dict[str, Any]:
    return {bar.name: {"value": bar.value, "promised": bar.promise, "held": bar.is_held} for bar in held}


def _play(pack: Sequence[Plan], *, settings: str, budget: float) -> list[Outcome]:
    return _player(settings, budget).play_pack(pack)


@cache
def _player(settings: str, budget: float) -> Player:
    """One player a process: loading the models takes a second."""
    return Player(Config.model_validate_json(settings), budget=budget)


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error).splitlines()[0]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Pile-ons found, how soon, and pages for nothing, on generated streams.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--split", choices=[each.value for each in Split], default=Split.HELD.value)
    parser.add_argument("--budget", type=float, default=1.0, help="false pages a month and brand")
    parser.add_argument("--seeds", type=int, default=1, help="how often every story is told anew")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--quick", action="store_true", help="brands at 20 mentions an hour only")
    parser.add_argument("--only", default="", help="only streams with this in their name")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="detector.KEY=VALUE",
        help="try another value; severity, kinds too",
    )
    parser.add_argument("--json", action="store_true", help="also print one line of JSON a stream, and the bars last")
    parser.add_argument("--no-fail", action="store_true", help="end with 0 where a bar is missed")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
