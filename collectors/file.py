"""File drop: mentions that other programs write into a folder of growing JSONL mention files.

The collector for everything that has none of its own: a script appends lines, the next poll picks them up. Rows keep
the platform they name. Only whole lines are taken; one that no line feed ends yet waits for its rest. Never changes,
moves or deletes a file, never invents a gap.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, ClassVar

from pydantic import Field

from stormcone.clock import Clock
from stormcone.errors import CollectError
from stormcone.mention_file import FileRow, JsonRowReader, storable
from stormcone.models import Batch, Mention, Skip
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings

MAX_LINES_PER_POLL = 5_000
_MAX_BYTES_PER_POLL = 32 * 1024 * 1024  # a batch is held in memory, and texts of 1 MB are allowed
_TAIL_BYTES = 256


class FileSettings(SourceSettings):
    """[collectors.file]: a folder that other programs drop mentions into."""

    path: str = Field(
        min_length=1,
        description="folder of growing *.jsonl mention files, or one such file; relative to config.toml's folder",
    )
    poll_seconds: float = Field(default=5, gt=0, description="seconds between two looks at the folder")


class FileCollector(Collector):
    """Reads what was appended to the files since the last poll."""

    platform: ClassVar[str] = "file"
    Settings: ClassVar[type[SourceSettings]] = FileSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, FileSettings):
            raise TypeError(f"a file drop is read from FileSettings, not {type(settings).__name__}")
        self._path = Path(context.base_folder) / settings.path
        self._reader = JsonRowReader()

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:  # noqa: ARG002 - files cost nothing
        """Return the whole lines that are new since `cursor`, MAX_LINES_PER_POLL at most (then `has_more`).

        A file that became shorter, or whose last read bytes have changed, was replaced and is read from its start
        again. A file that cannot be read keeps its position and does not hold the others up.
        Raises: CollectError: the path is not there, or nothing came but an unreadable file.
        """
        positions, rows = _decode(cursor)
        budget = _Budget(clock=self.context.clock, deadline=deadline)
        unreadable: OSError | None = None
        reached: dict[str, _Position] = {}
        for file in self._files():
            reached[file.name] = position = positions.get(file.name, _Position())
            if budget.is_spent:
                continue
            try:
                found, reached[file.name] = self._read_on(file, position, budget)
            except OSError as error:
                unreadable = error
            else:
                rows.extend(found)
        if unreadable is not None and not rows:
            raise CollectError(self.platform, _unreadable(unreadable)) from unreadable
        return _batch(rows, now=self.context.clock.now(), cursor=_encode(reached), has_more=budget.is_spent)

    def check(self) -> str | None:
        """Return one line saying why nothing can arrive, or None."""
        try:
            files = self._files()
            for file in files:
                file.open("rb").close()
        except CollectError as error:
            return str(error)
        except OSError as error:
            return f"{self.platform}: {_unreadable(error)}"
        if not files and any(self._path.iterdir()):
            return f"{self.platform}: {self._path} holds files, but none named *.jsonl; only those are read"
        return None

    def _files(self) -> list[Path]:
        """Return the files to read, sorted by name."""
        try:
            if self._path.is_file():
                return [self._path]
            return sorted(each for each in self._path.iterdir() if each.suffix == ".jsonl" and not each.is_dir())
        except OSError as error:
            remedy = "make the folder or correct collectors.file.path"
            raise CollectError(self.platform, f"{self._path}: {error.strerror}; {remedy}") from error

    def _read_on(
        self, file: Path, position: "_Position", budget: "_Budget"
    ) -> tuple[list[FileRow | Skip], "_Position"]:
        """Return the rows after `position`, and how far they reach."""
        rows: list[FileRow | Skip] = []
        with file.open("rb") as stream:
            start = position if _tail(stream, position.offset) == position.tail else _Position()
            offset, lines = start.offset, start.lines
            stream.seek(offset)
            for line in _whole_lines(stream):
                offset += len(line)
                lines += 1
                budget.spend(len(line))
                # Each program that opens the file anew may begin with a byte order mark.
                text = line.decode("utf-8-sig", errors="replace")
                if not text.isspace():
                    rows.append(self._reader.read(text, f"{storable(file.name)} line {lines}"))
                if budget.is_spent:
                    break
            return rows, _Position(offset=offset, lines=lines, tail=_tail(stream, offset))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """How far a file was read: bytes, lines, and a digest of the last bytes before that place."""

    offset: int = 0
    lines: int = 0
    tail: str = ""


class _Budget:
    """What one poll may still read; it counts down and looks at the clock."""

    def __init__(self, *, clock: Clock, deadline: datetime) -> None:
        self._clock = clock
        self._deadline = deadline
        self._lines_left = MAX_LINES_PER_POLL
        self._bytes_left = _MAX_BYTES_PER_POLL
        self.is_spent = False

    def spend(self, line_bytes: int) -> None:
        """Count one line. A line is always read before anybody asks, so every poll gets on."""
        self._lines_left -= 1
        self._bytes_left -= line_bytes
        self.is_spent = self._lines_left <= 0 or self._bytes_left <= 0 or self._clock.now() >= self._deadline


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    for line in stream:
        if not line.endswith(b"\n"):
            return
        yield line


def _tail(stream: BinaryIO, offset: int) -> str:
    """Return a digest of the bytes just before `offset`; it tells a file that grew from one that was replaced."""
    if offset == 0:
        return ""
    start = max(0, offset - _TAIL_BYTES)
    stream.seek(start)
    return hashlib.sha256(stream.read(offset - start)).hexdigest()[:16]


def _unreadable(error: OSError) -> str:
    return f"{error.filename or 'a file'} cannot be read: {error.strerror}; check the file and its rights"


def _batch(rows: Iterable[FileRow | Skip], *, now: datetime, cursor: str, has_more: bool) -> Batch:
    found = [row for row in rows if isinstance(row, FileRow)]
    return Batch(
        mentions=tuple(_seen_by(row.mention, now) for row in found if row.mention),
        engagements=tuple(row.engagement for row in found if row.engagement),
        deletions=tuple(row.deletion for row in found if row.deletion),
        likes=tuple(row.like for row in found if row.like),
        gaps=tuple(row.gap for row in found if row.gap),
        skipped=tuple(row for row in rows if isinstance(row, Skip)),
        cursor=cursor,
        has_more=has_more,
    )


def _seen_by(mention: Mention, now: datetime) -> Mention:
    """Return the mention as seen no later than `now`: the writer's clock may run ahead of ours."""
    return replace(mention, seen_at=now) if mention.seen_at > now else mention


def _encode(positions: Mapping[str, _Position]) -> str:
    return json.dumps({"files": {name: asdict(position) for name, position in positions.items()}})


def _decode(cursor: str | None) -> tuple[dict[str, _Position], list[FileRow | Skip]]:
    """Return the positions in a cursor; of an unreadable one nothing but a Skip that says so."""
    if cursor is None:
        return {}, []
    try:
        files = json.loads(cursor)["files"]
        return {
            str(name): _Position(offset=int(each["offset"]), lines=int(each["lines"]), tail=str(each["tail"]))
            for name, each in files.items()
        }, []
    except (ValueError, TypeError, KeyError, AttributeError):
        reason = "is not one this collector wrote; every file is read from its start again"
        return {}, [Skip(place="cursor of collectors.file", reason=reason)]
