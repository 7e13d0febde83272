"""Every error Stormcone raises on purpose, and nothing else.

    StormconeError                 something a person can act on; shown as one line, never as a traceback
    ├── ConfigError                config.toml or the environment is wrong        (exit 2)
    ├── UsageError                 the command was called wrongly                 (exit 2)
    ├── MentionFileError           a mention file cannot be read at all           (exit 1)
    ├── PluginError                a file in a plug-in folder does not keep the rules of its port
    ├── CollectError               a source did not answer as it should
    │   ├── RateLimited            ... and asked for patience
    │   └── Refused                ... because of key, account or money: a person is needed
    ├── DeliveryError              a notice did not arrive; one bit, `permanent`, tells give-up from retry
    └── StoreError                 the database cannot be used
        ├── StoreBusy              locked by somebody else for longer than the busy timeout
        ├── StoreReadOnly          may be read but not written
        ├── StoreTooNew            written by a newer Stormcone
        └── StaleIncident          somebody else changed the incident first; read it again

Stands at the bottom of the house; imports nothing of it. A message says where, with which value, and what to do.
"""

from typing import Self


class StormconeError(Exception):
    """Something a person can act on; the command line prints it as one line and leaves with `exit_code`."""

    exit_code = 1


class UsageError(StormconeError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class ConfigError(StormconeError):
    """A setting or an environment variable is missing or wrong.

    >>> str(ConfigError("watch.tick_seconds", value="soon", remedy="give a number of seconds, such as 5"))
    "watch.tick_seconds = 'soon': give a number of seconds, such as 5"
    """

    exit_code = 2

    def __init__(self, key: str, *, value: object = None, remedy: str) -> None:
        shown = "" if value is None else f" = {str(value)[:80]!r}"
        super().__init__(f"{key}{shown}: {remedy}")
        self.key = key
        self.value = value
        self.remedy = remedy


class MentionFileError(StormconeError):
    """A mention file cannot be read at all (single bad rows are skipped by name instead)."""


class PluginError(StormconeError):
    """A file in a plug-in folder breaks the rules of its port."""


class CollectError(StormconeError):
    """A source did not answer as it should; nothing of the poll is saved. requests: sent all the same."""

    def __init__(self, platform: str, message: str) -> None:
        super().__init__(f"{platform}: {message}")
        self.platform = platform
        self.requests = 0

    def after(self, requests: int) -> Self:
        """Return this error, with the number of requests that the poll had sent when it ended."""
        self.requests = requests
        return self


class RateLimited(CollectError):
    """The source asks for patience. retry_after_seconds: None where it did not say how much; pauses then grow."""

    def __init__(self, platform: str, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(platform, message)
        self.retry_after_seconds = retry_after_seconds


class Refused(CollectError):
    """The source refuses us and will go on doing so until a person acts.

    >>> str(Refused("x", "401: the bearer token is not accepted", remedy="make a new one and set X_BEARER_TOKEN"))
    'x: 401: the bearer token is not accepted; make a new one and set X_BEARER_TOKEN'
    """

    def __init__(self, platform: str, message: str, *, remedy: str) -> None:
        super().__init__(platform, f"{message}; {remedy}")
        self.remedy = remedy


class DeliveryError(StormconeError):
    """A notice did not arrive.

    permanent: trying the same again cannot help (a wrong address, a refused key).
    retry_after_seconds: what the receiver asked for, where it said so.
    is_unsure: it was sent and not answered, so it may have arrived all the same.
    """

    def __init__(
        self,
        channel: str,
        message: str,
        *,
        permanent: bool = False,
        retry_after_seconds: float | None = None,
        is_unsure: bool = False,
    ) -> None:
        super().__init__(f"channel {channel}: {message}")
        self.channel = channel
        self.permanent = permanent
        self.is_unsure = is_unsure
        self.retry_after_seconds = retry_after_seconds


class StoreError(StormconeError):
    """The database cannot be used as asked."""


class StoreBusy(StoreError):
    """Another process holds the write lock for longer than the busy timeout."""


class StoreReadOnly(StoreError):
    """The database may be read but not written."""


class StoreTooNew(StoreError):
    """A newer Stormcone has written this database."""


class StaleIncident(StoreError):
    """The incident was changed by somebody else between reading and writing."""
