"""`stormcone forget`: erases what one person, or one post, said, because somebody asked for it.

Counts stay, words and names go; the act is recorded, without the name. Also beside a running watcher, which then reads
its history anew. What a brand published itself is refused.
"""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.config import Config
from stormcone.errors import UsageError
from stormcone.mention_file import storable
from stormcone.store import Erased, Forgotten, read_clock


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forget")(forget)


def forget(
    why: Annotated[str, typer.Option(help="Why, in a sentence; kept in the record.")],
    config: ConfigOption = None,
    author: Annotated[str | None, typer.Option(help="Handle of the author, with or without @.")] = None,
    post: Annotated[str | None, typer.Option(help="The platform's id of the post.")] = None,
    platform: Annotated[str | None, typer.Option(help="Only there; default: wherever it is found.")] = None,
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")] = False,  # noqa: FBT002
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Erase words and name of an author, or of a post, everywhere; counts and scores stay."""
    kind, name = _whom(author, post)
    reason = storable(why).strip()
    if not reason:
        raise UsageError("--why '': say why in a sentence; the record keeps it")
    settings = read_config(config)
    if kind is Forgotten.AUTHOR:
        _refuse_own(settings, name, platform)
    store = open_configured_store(settings)
    try:
        now = read_clock(store.database).now()
        erased = store.forgetting.forget(kind, name, platform=platform, at=now, why=reason, is_dry_run=is_dry_run)
    finally:
        store.close()
    told = asdict(erased) | {"dry_run": is_dry_run}
    typer.echo(json.dumps(told) if as_json else _sentence(kind, erased, is_dry_run=is_dry_run))


def _whom(author: str | None, post: str | None) -> tuple[Forgotten, str]:
    given = [(kind, name) for kind, name in ((Forgotten.AUTHOR, author), (Forgotten.POST, post)) if name is not None]
    if len(given) != 1:
        raise UsageError("give either --author HANDLE or --post ID")
    kind, name = given[0]
    plain = storable(name).strip()
    if not plain.removeprefix("@"):
        raise UsageError(f"--{kind.value} {name!r}: names nobody")
    return kind, plain


def _refuse_own(settings: Config, name: str, platform: str | None) -> None:
    plain = name.removeprefix("@").casefold()
    for brand in settings.brands:
        for account in brand.accounts:
            is_there = platform is None or account.platform == platform
            if is_there and account.handle.removeprefix("@").casefold() == plain:
                raise UsageError(
                    f"author {name!r} is an account of {brand.name}: what a brand published is its own record and stays"
                )


def _sentence(kind: Forgotten, erased: Erased, *, is_dry_run: bool) -> str:
    if not erased.rows:
        return f"nothing of this {kind.value} is stored"
    began = "would erase" if is_dry_run else "erased"
    return (
        f"{began} words and name in {erased.mentions} mentions, {erased.evidence} pieces of evidence, {erased.likes} "
        f"liked posts and {erased.quotes} messages and verdicts; counts and scores stay"
    )
