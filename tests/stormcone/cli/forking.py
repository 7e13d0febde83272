"""Runs commands as children of one process that has imported them once: real processes, a tenth of the starting time.

Reads one JSON object a line (folder, words, env, out, err, plugins), forks a child that becomes the command, and
answers with its exit code. Started by processes.py, never imported.
"""

import json
import os
import sys

import collectors
from analysis.casebook import load_casebook
from analysis.draft_check.checking import load_checker
from stormcone.cli.main import main
from stormcone.config import Config
from stormcone.pipeline import build_scorer
from stormcone.plugins import discover
from stormcone.ports import Channel, Collector


def become(folder: str, words: list[str], env: dict[str, str], out: str, err: str, plugins: str) -> None:
    """Leave with the exit code of `stormcone WORDS`, as if a shell had started it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, path in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    if plugins:
        collectors.__path__.append(plugins)
    sys.argv = ["stormcone", *words]
    try:
        main()
    except SystemExit as left:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(
            0 if left.code is None else left.code if isinstance(left.code, int) else 1
        )  # taking all the modules down costs a second


if __name__ == "__main__":
    # What every command reads first, read once for all children.
    discover("collectors", Collector, key="platform")
    discover("alerts.channels", Channel, key="type")
    load_checker()
    load_casebook()
    build_scorer(Config())
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
