"""Which accounts of arranged waves are news: more than usual here, and not told already under the post they answer.

Inside the memory of company, which measures the waves. Keeps names of accounts for three hours and counts for two days,
in memory only; after a restart nothing is usual until it is seen again. Opens nothing: the verdict weighs the number.
"""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime

from analysis.platform_habits import PlatformHabits
from analysis.threads import PostKey
from stormcone.config import KindSettings

_WAVES = "waves"  # what the habits count


class ArrangedWaves:
    """The arranged accounts of one brand's last hours, by the thread they spoke in.

    >>> from datetime import UTC, timedelta
    >>> waves, noon = ArrangedWaves(KindSettings()), datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    >>> accounts = {f"account {number}" for number in range(20)}
    >>> waves.news(accounts, None, since=noon, until=noon + timedelta(minutes=30))
    20
    >>> waves.news(accounts, ("x", "7"), since=noon, until=noon + timedelta(minutes=30))
    20
    >>> waves.news(accounts, None, since=noon, until=noon + timedelta(minutes=31)), waves.share_in([("x", "7")])
    (0, 1.0)
    """

    def __init__(self, settings: KindSettings) -> None:
        self._settings = settings
        self._habits = PlatformHabits()
        self._seen: dict[str, datetime] = {}  # every account of a wave, and when last
        self._threads: dict[PostKey, dict[str, datetime]] = {}  # the same, of waves that were news in a thread
        self._told: frozenset[str] = frozenset()  # the newest wave that was news in the stream

    def begin(self, at: datetime) -> None:
        """Note that the brand was watched at an instant."""
        self._habits.begin(at)

    def news(self, accounts: AbstractSet[str], thread: PostKey | None, *, since: datetime, until: datetime) -> int:
        """Return how many accounts of a wave measured in [since, until) are news; 0 where no more than usual are.

        Args: accounts: distinct, surely arranged. thread: where; None: in the brand's whole stream, less what is told
            in its threads.
        """
        self._count(accounts, until)
        usual = self._habits.usual((_WAVES,), until, until - since) or 0.0
        if thread is None:
            accounts = accounts - {account for wave in self._threads.values() for account in wave}
        is_usual = len(accounts) < self._settings.brigade_times * usual
        if is_usual or len(accounts) < self._settings.brigade_opens_accounts:
            return 0
        if thread is None:
            self._told = frozenset(accounts)
        else:
            self._threads.setdefault(thread, {}).update(dict.fromkeys(accounts, until))
        return len(accounts)

    def share_in(self, threads: Iterable[PostKey]) -> float:
        """Return which share of the stream's newest wave spoke in these threads, 0..1."""
        inside: set[str] = set()
        for thread in threads:
            inside.update(self._threads.get(thread, ()))
        return len(self._told & inside) / max(len(self._told), 1)

    def forget_before(self, oldest: datetime, now: datetime) -> None:
        """Drop accounts last seen before `oldest`, and counts that `now` is too late for."""
        _drop(self._seen, oldest)
        for wave in self._threads.values():
            _drop(wave, oldest)
        self._threads = {thread: wave for thread, wave in self._threads.items() if wave}
        self._told &= self._seen.keys()
        self._habits.forget_before(now)

    def _count(self, accounts: Collection[str], at: datetime) -> None:
        """Count each account once, however often its wave is measured."""
        for account in accounts:
            if account not in self._seen:
                self._habits.count(_WAVES, at)
            self._seen[account] = at


def _drop(seen: dict[str, datetime], oldest: datetime) -> None:
    for account in [account for account, at in seen.items() if at < oldest]:
        del seen[account]
