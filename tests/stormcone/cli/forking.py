"""Runs commands as children of one process that has imported them once: real processes, a tenth of the starting time.

Reads one JSON object a line (folder, words, env, out, err, plugins), forks a child that becomes the command, and
answers with its exit code. Started by processes.py, never imported.
"""

import json
import os
import sys

import collectors
from stormcone.cli.main import main


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
    main()


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
