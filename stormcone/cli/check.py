"""`stormcone check`: what is risky in a draft, before anybody sees it.

One text on the command line, or many as JSON lines. Needs no store; the brand's profile comes from the settings where
there are any. Never asks the clock: rules of dates speak only where the draft says when it goes out.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.draft_check import check_draft
from stormcone.cli.draft_lines import BadDraftError, DraftLine, ProfileOf, draft_of, read_drafts
from stormcone.cli.options import ConfigOption, JsonOption, read_config
from stormcone.config import Config, default_path
from stormcone.errors import UsageError
from stormcone.models.drafts import DraftAdvice, DraftProfile, DraftVerdict

_ADVICE = {
    DraftAdvice.POST: "Fine to post",
    DraftAdvice.REVIEW: "Have somebody look at it first",
    DraftAdvice.DO_NOT_POST: "Do not post this",
}
_WIDTH = 25  # the longest category


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(  # noqa: PLR0917 - one argument an option
    text: Annotated[str | None, typer.Argument(help="The draft; leave it out with --from.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="JSON lines of drafts, - for standard input; see docs/draft-check.md.")
    ] = None,
    brand: Annotated[str | None, typer.Option(help="Brand whose [brand.profile] the draft is judged against.")] = None,
    at: Annotated[str | None, typer.Option(help="When it goes out, ISO 8601; without it no date is asked.")] = None,
    role: Annotated[str | None, typer.Option(help="official, executive or support.")] = None,
    reply_to: Annotated[str | None, typer.Option(help="The text that it answers.")] = None,
    news: Annotated[list[str] | None, typer.Option(help="A headline of the last 48 hours; may be repeated.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say what is risky in a draft, and why, before it goes out."""
    if (text is None) == (source is None):
        raise UsageError("check: give one text, or --from with a file of drafts")
    profile_of = _profiles(config)
    if source is not None:
        _check_lines(read_drafts(source, profile_of), as_json=as_json)
        return
    row = {"text": text, "brand": brand, "at": at, "role": role, "in_reply_to": reply_to, "news": news}
    try:
        verdict = check_draft(draft_of(row, profile_of))
    except BadDraftError as error:
        raise UsageError(f"check: {error}") from None
    sys.stdout.write((_as_json(verdict) if as_json else "\n".join(_sentences(verdict))) + "\n")


def _profiles(path: Path | None) -> ProfileOf:
    """Return what tells the profile of a brand; without any settings every brand has the default one."""
    is_there = path is not None or default_path().exists()
    config = read_config(path) if is_there else Config()

    def profile_of(name: str) -> DraftProfile:
        return config.brand_named(name).profile.for_drafts

    return profile_of


def _check_lines(lines: Iterator[DraftLine], *, as_json: bool) -> None:
    """Write one answer a line, in order, and fail at the end if one of them could not be read."""
    is_broken = False
    for line in lines:
        if line.draft is None:
            is_broken = True
            sys.stderr.write(f"{line.place}: {line.problem}\n")
            answer = _with_id(line, {"risk": None, "flags": [], "advice": None, "error": line.problem})
            sys.stdout.write((_dump(answer) if as_json else f"{line.place}: not checked, {line.problem}") + "\n")
            continue
        verdict = check_draft(line.draft)
        if as_json:
            sys.stdout.write(_dump(_with_id(line, _answer(verdict))) + "\n")
        else:
            sys.stdout.write("\n".join([f"{line.place}:", *(f"  {each}" for each in _sentences(verdict))]) + "\n")
    if is_broken:
        raise typer.Exit(1)


def _with_id(line: DraftLine, answer: dict[str, Any]) -> dict[str, Any]:
    return answer if line.ident is None else {"id": line.ident, **answer}


def _as_json(verdict: DraftVerdict) -> str:
    return _dump(_answer(verdict))


def _answer(verdict: DraftVerdict) -> dict[str, Any]:
    return {
        "risk": verdict.risk,
        "flags": [
            {
                "category": flag.category.value,
                "why": flag.why,
                "span": list(flag.span) if flag.span else None,
                "rule": flag.rule,
                "risk": flag.risk,
            }
            for flag in verdict.flags
        ],
        "advice": verdict.advice.value,
    }


def _dump(answer: dict[str, Any]) -> str:
    """Return one line of JSON; halves of pairs in an id stay escaped, as no encoder takes them."""
    line = json.dumps(answer, ensure_ascii=False)
    return line if line.isprintable() else json.dumps(answer)


def _sentences(verdict: DraftVerdict) -> Iterator[str]:
    yield f"{_ADVICE[verdict.advice]} (risk {verdict.risk:.2f})"
    for flag in verdict.flags:
        yield f"  {flag.category.value:<{_WIDTH}}  {flag.why}"
        if flag.source:
            yield f"  {'':<{_WIDTH}}  after {flag.source}"
