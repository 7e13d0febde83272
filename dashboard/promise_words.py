"""The words for the promise of few false pages, and for what was kept of it.

Beside wording, used by the line under the figures. Holds no decision: a standing in, one calm sentence out.
"""

from analysis.budget import LEAST_DAYS, budget_sentence
from stormcone.models import BudgetStanding

PROMISE_HELP = (
    "A page is false where somebody decided “False alarm” on its incident, true after any other decision; one that "
    "nobody decided on counts as neither. Judged pages move the threshold of the next ones: after false ones, pages "
    "and warns need rarer evidence, and months without them give it back."
)


def promise_line(promised_per_month: float, standing: BudgetStanding | None) -> str:
    """Return what was promised of false pages, what was kept, and what that made of the threshold.

    >>> promise_line(1, None)
    'Promise: at most 1 false page a month. What was kept is not known yet: no watcher has counted.'
    """
    promise = f"Promise: at most {promised_per_month:g} false {_pages(promised_per_month)} a month."
    if standing is None:
        return f"{promise} What was kept is not known yet: no watcher has counted."
    moved = budget_sentence(standing)
    return f"{promise} {_kept(standing)}" + (f" {moved[:1].upper()}{moved[1:]}." if moved else "")


def _kept(standing: BudgetStanding) -> str:
    counted = _counted(standing)
    if standing.realised_per_month is None and standing.watched_days >= LEAST_DAYS:
        return f"What was kept is not known: {_counted(standing)} in {standing.window_days} days."
    if standing.realised_per_month is None:
        days = f"{standing.watched_days:.0f} of {LEAST_DAYS:.0f} days watched"
        return f"What was kept is not known yet ({days}): {counted} so far."
    watched = round(standing.watched_days)
    part = "" if watched >= standing.window_days - 1 else f" ({watched} watched)"
    return f"Last {standing.window_days} days{part}: {counted}: {standing.realised_per_month:.1f} a month."


def _counted(standing: BudgetStanding) -> str:
    if not standing.pages:
        return "no page"
    if standing.not_judged == standing.pages:
        return f"{standing.pages} {_pages(standing.pages)}, none of them judged"
    judged = f"{standing.judged_false} judged false, {standing.not_judged} not judged"
    return f"{standing.pages} {_pages(standing.pages)}, {judged}"


def _pages(count: float) -> str:
    return "page" if count == 1 else "pages"
