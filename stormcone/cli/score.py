"""`stormcone score`: what the scorer says of bare texts, one line out for each row in.

Needs no store and no settings. Every text is read as a reply to a brand, as in a thread; what the rows do not say is
unknown, and no row knows of another.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from stormcone.cli.options import ConfigOption, JsonOption, read_config
from stormcone.config import Config
from stormcone.mention_file import TextRow, read_texts
from stormcone.models import Confidence, Mention, Scores, Surroundings
from stormcone.pipeline import build_scorer
from stormcone.ports import Scorer

_CHUNK = 512  # texts scored at once: the models work on whole batches
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # a mention needs one, scores never look at it


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score)


def score(
    file: Annotated[Path, typer.Argument(help="CSV, JSON lines or one text a line (.txt); - is standard input.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
    text_column: Annotated[str, typer.Option(help="Column of a CSV file that holds the texts.")] = "text",
) -> None:
    """Say how texts are read: language, polarity, hostility, and the cues that explain it."""
    scorer = build_scorer(read_config(config) if config else Config())
    rows = read_texts(file, text_column=text_column)
    while chunk := list(islice(rows, _CHUNK)):
        for row, scores in zip(chunk, _scored(chunk, scorer), strict=True):
            if row.problem is not None:
                sys.stderr.write(f"{row.place}: {row.problem}\n")
            sys.stdout.write((_line(scores) if as_json else _sentence(row, scores)) + "\n")


def _scored(rows: list[TextRow], scorer: Scorer) -> list[Scores]:
    threads = [_Thread.of(row, f"{number}") for number, row in enumerate(rows)]
    posts = {(each.post.platform, each.post.id): each.post for each in threads if each.post is not None}
    return scorer.score([each.reply for each in threads], Surroundings(posts=posts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thread:
    """A text as the reply it is, with the post it answers where the row has that."""

    reply: Mention
    post: Mention | None

    @classmethod
    def of(cls, row: TextRow, name: str) -> "_Thread":
        platform = row.platform or "file"
        reply = Mention(
            platform=platform,
            id=f"text {name}",
            brand="",
            posted_at=_NO_TIME,
            seen_at=_NO_TIME,
            text=row.text,
            author=None,
            parent_id=f"post {name}",
            lang=row.lang,
        )
        if row.post is None:
            return cls(reply=reply, post=None)
        post = Mention(
            platform=platform,
            id=f"post {name}",
            brand="",
            posted_at=_NO_TIME,
            seen_at=_NO_TIME,
            text=row.post,
            is_own_post=True,
        )
        return cls(reply=reply, post=post)


def _line(scores: Scores) -> str:
    return json.dumps(
        {
            "lang": scores.lang,
            "p_negative": scores.p_negative,
            "p_neutral": scores.p_neutral,
            "p_positive": scores.p_positive,
            "compound": scores.compound,
            "hostility": scores.hostility,
            "cues": list(scores.cues),
            "confidence": scores.confidence.value,
            "scorer": scores.scorer,
        },
        ensure_ascii=False,
    )


def _sentence(row: TextRow, scores: Scores) -> str:
    """Return one line for a person; the text itself stays away from the terminal, as a stranger wrote it."""
    return f"{row.place}: {', '.join(_said(scores))}"


def _said(scores: Scores) -> Iterator[str]:
    yield f"language {scores.lang or 'unknown'}"
    if scores.confidence is Confidence.NONE:
        yield "not read"
    else:
        yield f"negative {scores.p_negative:.0%}, neutral {scores.p_neutral:.0%}, positive {scores.p_positive:.0%}"
    if scores.confidence is Confidence.LOW:
        yield "low confidence"
    yield f"hostility {scores.hostility:.0%}" + (f" ({'; '.join(scores.cues)})" if scores.cues else "")
