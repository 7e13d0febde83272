"""How many of the hostile voices look arranged: nearly the same words, by different accounts, within minutes.

Measured on the notes of one window, an estimated range. Natural crowds repeat short phrases and share articles; both
are left out before. A label for people to weigh, never a trigger: it can only calm a verdict, and names nobody.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Final

from analysis.company_notes import CompanyNote, accounts_of
from stormcone.config import KindSettings
from stormcone.models.signal_views import Coordination

_PAIRS_LOOKED_AT: Final = 60  # accounts; more say nothing that these do not, and pairs grow with the square


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """coordination: of the hostile accounts. hostile: those accounts, with the ones whose words others said openly
    against. arranged: accounts, hostile or not, in bursts that a second sign speaks for. surely: hostile accounts that
    the lower end of the range counts.
    """

    coordination: Coordination
    hostile: frozenset[str]
    arranged: frozenset[str]
    surely: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Burst:
    """Nearly the same words within minutes. strict, loose: accounts, by how alike the words are."""

    strict: set[str]
    loose: set[str]
    known: set[str]  # of the loose ones, those that have a name
    is_hostile: bool
    is_young: bool  # most of the accounts are new
    pause_seconds: float | None  # where the accounts came at even intervals

    @property
    def has_second_sign(self) -> bool:
        """True where the accounts are mostly new, or came at even intervals."""
        return self.is_young or self.pause_seconds is not None


def measure_coordination(
    notes: Sequence[CompanyNote], alike: Iterable[Sequence[CompanyNote]], settings: KindSettings
) -> Measured:
    """Return the range of the hostile accounts that are arranged.

    Args: notes: of one window, reposts and shared articles left out. alike: those of them that are long enough, by
        their nearly same words, each oldest first.
    Source: Pacheco et al., ICWSM 2021 (near copies by distinct accounts in short windows) and CooRTweet (repeated pairs
        of accounts); thresholds, account age and the range are Stormcone's own.
    """
    bursts = [burst for group in alike if (burst := _burst(group, settings)) is not None]
    hostile = accounts_of(note for note in notes if note.is_against).union(
        *(burst.loose for burst in bursts if burst.is_hostile)
    )
    paired = _paired(bursts, settings)
    arranged: set[str] = set()
    low: set[str] = set()
    high: set[str] = set()
    counted: list[_Burst] = []
    for burst in bursts:
        has_second_sign = burst.has_second_sign or len(burst.strict & paired) >= settings.paired_accounts
        if has_second_sign:
            arranged |= burst.strict
        if not burst.is_hostile:
            continue
        if burst.is_young or _is_all(burst.known, hostile, settings):
            low |= burst.known
            counted.append(burst)
        elif burst.strict and (has_second_sign or _is_concentrated(burst.strict, hostile, settings)):
            low |= burst.strict
            counted.append(burst)
        if len(burst.loose) >= settings.loose_share * len(hostile):
            high |= burst.loose
    ages = {note.account: note.is_young for note in notes if note.account in hostile}
    known = sum(age is not None for age in ages.values())
    young = {account for account, is_young in ages.items() if is_young}
    if len(young) >= max(settings.young_accounts, settings.young_hostile_share * known):
        high |= young
    voices = max(len(hostile), 1)
    coordination = Coordination(
        low=len(low) / voices,
        high=len(low | high) / voices,
        accounts=len(low),
        texts=len(counted),
        known_ages_share=known / voices,
        reasons=tuple(
            _reasons(counted, low, paired & low, settings, young=len(young), known=known, hostile=len(hostile))
        ),
    )
    return Measured(
        coordination=coordination, hostile=frozenset(hostile), arranged=frozenset(arranged), surely=frozenset(low)
    )


def _is_all(accounts: set[str], hostile: set[str], settings: KindSettings) -> bool:
    """Tell whether nearly all of the anger is one text, however freely each account words it anew."""
    return len(accounts) >= max(settings.brigade_accounts, settings.brigade_possible_share * len(hostile))


def _is_concentrated(accounts: set[str], hostile: set[str], settings: KindSettings) -> bool:
    """Tell whether a text that no second sign speaks for is a good part of the anger.

    People who share a turn of speech make many small groups, a script makes few large ones.
    """
    return len(accounts) >= max(settings.concentrated_accounts, settings.concentrated_share * len(hostile))


def _burst(group: Sequence[CompanyNote], settings: KindSettings) -> _Burst | None:
    """Return what one group of nearly same texts shows, None where its accounts came one by one."""
    if len(group) < min(settings.fast_burst_accounts, settings.slow_burst_accounts):
        return None
    loose = _together(group, settings)
    if not loose:
        return None
    # Where nobody knows who wrote, one person may have: such notes only raise the upper end.
    surely = [note for note in group if note.alike >= settings.alike_strictly and note.is_known]
    strict = loose if len(surely) == len(group) else _together(surely, settings)
    ages = {note.account: note.is_young for note in group if note.account in loose}
    first_said: dict[str, datetime] = {}
    for note in group:
        first_said.setdefault(note.account, note.at)
    young, known_ages = sum(age is True for age in ages.values()), sum(age is not None for age in ages.values())
    return _Burst(
        strict=strict,
        loose=loose,
        known={note.account for note in group if note.is_known and note.account in loose},
        is_hostile=sum(note.is_against for note in group) >= settings.hostile_text_share * len(group),
        is_young=young >= max(settings.young_accounts, settings.young_text_share * known_ages),
        pause_seconds=_even_pause(list(first_said.values()), settings),
    )


def _together(group: Sequence[CompanyNote], settings: KindSettings) -> set[str]:
    """Return the accounts that spoke in a burst: enough different ones in one of the windows."""
    bursts = (
        (timedelta(seconds=settings.fast_burst_seconds), settings.fast_burst_accounts),
        (timedelta(minutes=settings.slow_burst_minutes), settings.slow_burst_accounts),
    )
    found: set[str] = set()
    times = [note.at for note in group]
    for within, least in bursts:
        # Most crowds come too slowly for any burst, which so many notes in a row tell at once.
        if any(last - first <= within for first, last in zip(times, times[least - 1 :], strict=False)):
            found |= _inside(group, times, within, least)
    return found


def _inside(group: Sequence[CompanyNote], times: Sequence[datetime], within: timedelta, least: int) -> set[str]:
    """Return the accounts of every stretch of `within` in which at least so many different ones spoke."""
    found: set[str] = set()
    first, taken = 0, 0
    inside: dict[str, int] = {}
    for last, note in enumerate(group):
        inside[note.account] = inside.get(note.account, 0) + 1
        while times[last] - times[first] > within:
            left = group[first].account
            if inside[left] == 1:
                del inside[left]
            else:
                inside[left] -= 1
            first += 1
        if len(inside) >= least:
            found.update(each.account for each in group[max(first, taken) : last + 1])
            taken = last + 1
    return found


def _even_pause(times: Sequence[datetime], settings: KindSettings) -> float | None:
    """Return the mean pause in seconds between arrivals that are more even than a crowd's, else None.

    Times in whole minutes say nothing of it: every pause between them is a whole minute too.
    """
    if len(times) < settings.even_arrivals or all(not time.second and not time.microsecond for time in times):
        return None
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    mean = sum(pauses) / len(pauses)
    if mean < 1:
        return None
    spread = math.sqrt(sum((pause - mean) ** 2 for pause in pauses) / len(pauses))
    return mean if spread < settings.even_variation * mean else None


def _paired(bursts: Iterable[_Burst], settings: KindSettings) -> set[str]:
    """Return accounts that appear with the same other account under several texts."""
    said: dict[str, set[int]] = {}
    for number, burst in enumerate(bursts):
        for account in burst.strict:
            said.setdefault(account, set()).add(number)
    texts = settings.paired_texts
    often = sorted(account for account, numbers in said.items() if len(numbers) >= texts)[:_PAIRS_LOOKED_AT]
    return {
        account for pair in combinations(often, 2) if len(said[pair[0]] & said[pair[1]]) >= texts for account in pair
    }


def _reasons(
    bursts: Sequence[_Burst],
    low: set[str],
    paired: set[str],
    settings: KindSettings,
    *,
    young: int,
    known: int,
    hostile: int,
) -> Iterator[str]:
    if low:
        texts = "one text" if len(bursts) == 1 else f"{len(bursts)} texts"
        yield f"{len(low)} accounts posted {texts} in nearly the same words within minutes"
    pauses = [burst.pause_seconds for burst in bursts if burst.pause_seconds is not None]
    if pauses:
        yield f"they came at even intervals, one every {min(pauses):.0f} s"
    if len(paired) >= settings.paired_accounts:
        yield f"{len(paired)} of them appear together under more than one of these texts"
    if known and young:
        share = known / max(hostile, 1)
        yield f"{young} of {known} known account ages are below {settings.young_days} days ({share:.0%} known)"
    elif low:
        yield (
            "no account age is known"
            if not known
            else f"no account that says its age is below {settings.young_days} days old"
        )
