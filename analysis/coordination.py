"""How many of the hostile voices look arranged: nearly the same words, by different accounts, within minutes.

Measured on the notes of one window, an estimated range. Natural crowds repeat short phrases and share articles; both
are left out before. A label for people to weigh, never a trigger: it can only calm a verdict, and names nobody.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Final

from analysis.company_notes import CompanyNote, accounts_of
from analysis.likeness import STRICT
from stormcone.ports import Coordination

# Windows and numbers of accounts: near copies within 60 s by three accounts are the strict end of what Pacheco et al.
# (ICWSM 2021) and CooRTweet look for; the ten minutes are Stormcone's own, for waves spread out on purpose.
_BURSTS: Final = ((timedelta(seconds=60), 3), (timedelta(minutes=10), 5))
_LEAST_BURST: Final = min(least for _, least in _BURSTS)
# Own: a text that no second sign speaks for must be a good part of the anger. People who share a turn of speech make
# many small groups, a script makes few large ones.
_CONCENTRATED_ACCOUNTS, _CONCENTRATED_SHARE = 5, 0.15
_LOOSE_SHARE: Final = 0.03
_HOSTILE_SHARE: Final = 1 / 3  # of its notes, from which a text is hostile though a scorer read some variants as none
_YOUNG_ACCOUNTS, _YOUNG_OF_TEXT, _YOUNG_OF_HOSTILE = 5, 0.5, 0.2
_EVEN, _EVEN_ARRIVALS = 0.35, 10  # coefficient of variation of the pauses; 1 where people come independently
_PAIRED_TEXTS, _PAIRED_ACCOUNTS, _PAIRS_LOOKED_AT = 2, 3, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """coordination: of the hostile accounts. hostile: those accounts, with the ones whose words others said openly
    against. arranged: accounts, hostile or not, in bursts that a second sign speaks for.
    """

    coordination: Coordination
    hostile: frozenset[str]
    arranged: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Burst:
    """Nearly the same words within minutes. strict, loose: accounts, by how alike the words are."""

    strict: set[str]
    loose: set[str]
    is_hostile: bool
    young: int
    known_ages: int
    pause_seconds: float | None  # where the accounts came at even intervals

    @property
    def has_second_sign(self) -> bool:
        """True where the accounts are mostly new, or came at even intervals."""
        is_young = self.young >= max(_YOUNG_ACCOUNTS, _YOUNG_OF_TEXT * self.known_ages)
        return is_young or self.pause_seconds is not None


def measure_coordination(notes: Sequence[CompanyNote], alike: Iterable[Sequence[CompanyNote]]) -> Measured:
    """Return the range of the hostile accounts that are arranged.

    Args: notes: of one window, reposts and shared articles left out. alike: those of them that are long enough, by
        their nearly same words, each oldest first.
    Source: Pacheco et al., ICWSM 2021 (near copies by distinct accounts in short windows) and CooRTweet (repeated pairs
        of accounts); thresholds, account age and the range are Stormcone's own.
    """
    bursts = [burst for group in alike if (burst := _burst(group)) is not None]
    hostile = accounts_of(note for note in notes if note.is_against).union(
        *(burst.loose for burst in bursts if burst.is_hostile)
    )
    paired = _paired(bursts)
    arranged: set[str] = set()
    low: set[str] = set()
    high: set[str] = set()
    counted: list[_Burst] = []
    for burst in bursts:
        has_second_sign = burst.has_second_sign or len(burst.strict & paired) >= _PAIRED_ACCOUNTS
        if has_second_sign:
            arranged |= burst.strict
        if not burst.is_hostile:
            continue
        if burst.strict and (has_second_sign or _is_concentrated(burst.strict, hostile)):
            low |= burst.strict
            counted.append(burst)
        if len(burst.loose) >= _LOOSE_SHARE * len(hostile):
            high |= burst.loose
    ages = {note.account: note.is_young for note in notes if note.account in hostile}
    known = sum(age is not None for age in ages.values())
    young = {account for account, is_young in ages.items() if is_young}
    if len(young) >= max(_YOUNG_ACCOUNTS, _YOUNG_OF_HOSTILE * known):
        high |= young
    voices = max(len(hostile), 1)
    coordination = Coordination(
        low=len(low) / voices,
        high=len(low | high) / voices,
        accounts=len(low),
        texts=len(counted),
        known_ages_share=known / voices,
        reasons=tuple(_reasons(counted, low, paired & low, young=len(young), known=known, hostile=len(hostile))),
    )
    return Measured(coordination=coordination, hostile=frozenset(hostile), arranged=frozenset(arranged))


def _is_concentrated(accounts: set[str], hostile: set[str]) -> bool:
    return len(accounts) >= max(_CONCENTRATED_ACCOUNTS, _CONCENTRATED_SHARE * len(hostile))


def _burst(group: Sequence[CompanyNote]) -> _Burst | None:
    """Return what one group of nearly same texts shows, None where its accounts came one by one."""
    if len(group) < _LEAST_BURST:
        return None
    loose = _together(group)
    if not loose:
        return None
    # Where nobody knows who wrote, one person may have: such notes only raise the upper end.
    strict = _together([note for note in group if note.alike >= STRICT and note.is_known])
    ages = {note.account: note.is_young for note in group if note.account in loose}
    first_said: dict[str, datetime] = {}
    for note in group:
        first_said.setdefault(note.account, note.at)
    return _Burst(
        strict=strict,
        loose=loose,
        is_hostile=sum(note.is_against for note in group) >= _HOSTILE_SHARE * len(group),
        young=sum(age is True for age in ages.values()),
        known_ages=sum(age is not None for age in ages.values()),
        pause_seconds=_even_pause(list(first_said.values())),
    )


def _together(group: Sequence[CompanyNote]) -> set[str]:
    """Return the accounts that spoke in a burst: enough different ones in one of the windows."""
    found: set[str] = set()
    for within, least in _BURSTS:
        first, taken = 0, 0
        inside: Counter[str] = Counter()
        for last, note in enumerate(group):
            inside[note.account] += 1
            while note.at - group[first].at > within:
                inside[group[first].account] -= 1
                if not inside[group[first].account]:
                    del inside[group[first].account]
                first += 1
            if len(inside) >= least:
                found.update(each.account for each in group[max(first, taken) : last + 1])
                taken = last + 1
    return found


def _even_pause(times: Sequence[datetime]) -> float | None:
    """Return the mean pause in seconds between arrivals that are more even than a crowd's, else None.

    Times in whole minutes say nothing of it: every pause between them is a whole minute too.
    """
    if len(times) < _EVEN_ARRIVALS or all(not time.second and not time.microsecond for time in times):
        return None
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    mean = sum(pauses) / len(pauses)
    if mean < 1:
        return None
    spread = math.sqrt(sum((pause - mean) ** 2 for pause in pauses) / len(pauses))
    return mean if spread < _EVEN * mean else None


def _paired(bursts: Iterable[_Burst]) -> set[str]:
    """Return accounts that appear with the same other account under several texts."""
    said: dict[str, set[int]] = {}
    for number, burst in enumerate(bursts):
        for account in burst.strict:
            said.setdefault(account, set()).add(number)
    often = sorted(account for account, numbers in said.items() if len(numbers) >= _PAIRED_TEXTS)[:_PAIRS_LOOKED_AT]
    return {
        account
        for pair in combinations(often, 2)
        if len(said[pair[0]] & said[pair[1]]) >= _PAIRED_TEXTS
        for account in pair
    }


def _reasons(
    bursts: Sequence[_Burst], low: set[str], paired: set[str], *, young: int, known: int, hostile: int
) -> Iterator[str]:
    if low:
        texts = "one text" if len(bursts) == 1 else f"{len(bursts)} texts"
        yield f"{len(low)} accounts posted {texts} in nearly the same words within minutes"
    pauses = [burst.pause_seconds for burst in bursts if burst.pause_seconds is not None]
    if pauses:
        yield f"they came at even intervals, one every {min(pauses):.0f} s"
    if len(paired) >= _PAIRED_ACCOUNTS:
        yield f"{len(paired)} of them appear together under more than one of these texts"
    if known and young:
        yield f"{young} of {known} known account ages are below 30 days ({known / max(hostile, 1):.0%} known)"
    elif low:
        yield "no account age is known" if not known else "no account that says its age is below 30 days old"
