"""Signal: how much of the anger looks arranged, as a range. Never a single number, never a name."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_WORTH_SAYING = 0.2  # upper end, from which a range is told although nothing strict was found


class CoordinationRange(Signal):
    """Estimated share of the hostile accounts that post nearly the same words by arrangement.

    Source: own estimate after Pacheco et al., ICWSM 2021; published estimates of one event's automated share differ by
    half. Its value is the middle of the range, for sorting only: the text shows both ends.
    """

    name = "coordination"

    def read(self, view: SignalView) -> Reading | None:
        """Return the range 0..1, None where nothing looks arranged."""
        found = view.company.coordination
        if not found.low and found.high < _WORTH_SAYING:
            return None
        share = f"{found.low:.0%} to {found.high:.0%} of {view.company.hostile_accounts} accounts against"
        said = f"organised? {share} (an estimate)"
        return Reading(
            signal=self.name,
            axis=Axis.CONTEXT,
            value=(found.low + found.high) / 2,
            expected=None,
            text=": ".join(each for each in (said, "; ".join(found.reasons)) if each),
            low=found.low,
            high=found.high,
        )
