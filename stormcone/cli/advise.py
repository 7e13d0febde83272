"""`stormcone advise`: facts in, one action out, with its reasons; the same advisor as everywhere else.

Needs no store. One answer a line, in the order of the facts; a bad line is named and the others are answered.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from stormcone.cli.options import ConfigOption, JsonOption, read_config
from stormcone.config import Config
from stormcone.errors import UsageError
from stormcone.fact_file import read_facts
from stormcone.models import Advice, Facts
from stormcone.pipeline import build_advisor

_STANDARD_INPUT = "-"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("advise")(advise)


def advise(
    facts: Annotated[str, typer.Argument(help="A .json file with one object, a .jsonl file with many; - reads lines.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say what to do on these facts, why, by when, and which answer would change it."""
    advisor = build_advisor(read_config(config) if config else Config())
    is_sound = True
    for place, text in _objects(facts):
        try:
            known = read_facts(text)
        except UsageError as error:
            sys.stderr.write(f"{place}: {error}\n")
            is_sound = False
            continue
        advice = advisor.advise(known)
        sys.stdout.write((_line(advice) if as_json else _told(known, advice)) + "\n")
    if not is_sound:
        raise typer.Exit(1)


def _objects(name: str) -> Iterator[tuple[str, str]]:
    """Yield each object's place and text. Raises: UsageError: the file cannot be read."""
    if name == _STANDARD_INPUT:
        yield from _lines("line", sys.stdin.read())
        return
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name}: cannot be read ({error}); give a file of facts, or -") from None
    if name.endswith(".jsonl"):
        yield from _lines(f"{name} line", text)
    else:
        yield name, text


def _lines(place: str, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{place} {number}", line


def _line(advice: Advice) -> str:
    line: dict[str, Any] = {
        "action": advice.action.value,
        "also": [each.value for each in advice.also],
        "within_minutes": advice.within_minutes,
        "because": [{"rule": each.rule, "text": each.text, "source": each.source} for each in advice.because],
        "precedents": [
            {"case": each.case, "year": each.year, "did": each.did, "lesson": each.lesson} for each in advice.precedents
        ],
        "avoid": [each.value for each in advice.avoid],
        "ask": list(advice.ask),
    }
    return json.dumps(line, ensure_ascii=False)


def _told(facts: Facts, advice: Advice) -> str:
    """Return the advice as people read it."""
    also = f", also {', '.join(_word(each) for each in advice.also)}" if advice.also else ""
    within = f" within {advice.within_minutes} minutes" if advice.within_minutes else ""
    lines = [f"{facts.brand or 'advice'}: {_word(advice.action)}{within}{also}"]
    lines += [f"  because   {each.text} [{each.source}]" for each in advice.because]
    lines += [f"  avoid     {', '.join(_word(each) for each in advice.avoid)}"] if advice.avoid else []
    lines += [f"  precedent {each.case}: {each.did} {each.lesson}" for each in advice.precedents]
    lines += [f"  ask       {name}: {_answers(advice, name)}" for name in advice.ask]
    return "\n".join(lines)


def _answers(advice: Advice, name: str) -> str:
    leading: dict[str, list[str]] = {}
    for each in advice.changes:
        if each.fact == name:
            leading.setdefault(_word(each.action), []).append(_word(each.answer))
    return "; ".join(f"{' or '.join(answers)} would make it {action}" for action, answers in leading.items())


def _word(word: str) -> str:
    return str(word).replace("_", " ")
