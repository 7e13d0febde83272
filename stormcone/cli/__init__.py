"""The command `stormcone`: the outer border of the program.

Turns words into calls of the pipeline and the store, and every error into one line that says what, where and what to
do. Each command is a file of this folder. Nothing is decided here.
"""

from stormcone.cli.main import main

__all__ = ["main"]
