"""Starts the command line: registers the commands, sets up logs, and lets no traceback reach a person.

Exit codes: 0 done, 1 failed, 2 wrong use.
"""

import os
import sys
import threading
import time
from io import TextIOWrapper
from typing import Annotated, NoReturn

import structlog
import typer
from typer.exceptions import TyperException

from stormcone import __version__
from stormcone.cli import (
    acting,
    advise,
    check,
    complaints,
    data,
    demo,
    doctor,
    effect,
    evidence,
    forget,
    ledger,
    playbook,
    recovery,
    replay,
    rescore,
    score,
    serving,
    status,
)
from stormcone.cli.logs import set_up_logs
from stormcone.errors import StormconeError

_log = structlog.get_logger(__name__)
_INTERRUPTED = 130
_WRONG_USE = 2
_PATIENCE_SECONDS = 0.5

app = typer.Typer(
    name="stormcone",
    help="Early warning for social-media backlash.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for part in (
    demo,
    serving,
    replay,
    data,
    score,
    rescore,
    forget,
    acting,
    advise,
    check,
    playbook,
    evidence,
    status,
    ledger,
    complaints,
    effect,
    recovery,
    doctor,
):
    part.register(app)


@app.callback()
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(_WRONG_USE)


def main() -> NoReturn:
    """Run the command that the arguments name, and exit."""
    code = _ended(_run())
    until = time.monotonic() + _PATIENCE_SECONDS
    for thread in _strangers():
        thread.join(max(0.0, until - time.monotonic()))
    if _strangers():
        # A source hangs in a request. What it would bring is not saved yet and will be asked for again.
        os._exit(code)
    sys.exit(code)


def _run() -> int:
    try:
        _speak_utf8()
        set_up_logs()
        code = app(standalone_mode=False)
    except StormconeError as error:
        return _fail(str(error), error.exit_code)
    except TyperException as error:
        return _fail(error.format_message(), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    except SystemExit:  # typer's answer to a reader of our output who has had enough
        code = 0
    except OSError as error:
        return _fail(_unwritable(error), 1)
    except Exception as error:  # noqa: BLE001 # border: no traceback reaches a person
        _log.debug("internal_error", exc_info=True)
        return _fail(f"internal error ({error!r}); set STORMCONE_LOG_LEVEL=debug, run it again and report both", 1)
    return code if isinstance(code, int) else 0


def _speak_utf8() -> None:
    """Write UTF-8 whatever the terminal says: what strangers wrote fits in no other encoding, and files are UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _ended(code: int) -> int:
    """Hand over what is still to be written. Returns: the exit code; 1 where it cannot be written."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the interpreter flushes once more
        if not isinstance(error, BrokenPipeError):  # that is a reader who has had enough
            return code or _fail(_unwritable(error), 1)
    return code


def _unwritable(error: OSError) -> str:
    place = error.filename or "standard output"
    return f"{place}: {error.strerror or error}; check that it may be written and the disk has room"


def _strangers() -> list[threading.Thread]:
    """Return the threads that may keep the process from ending; workers of a pool do, though they are daemons."""
    return [each for each in threading.enumerate() if each is not threading.main_thread()]


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"stormcone: {' '.join(message.split())}\n")
    return code
