"""Signal: whether the press wrote about it before the crowd came, or after. Never says what it wrote."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class Press(Signal):
    """Minutes from the first report of the last three hours to the middle of the crowd; below 0 the crowd was first."""

    name = "press"

    def read(self, view: SignalView) -> Reading | None:
        """Return the minutes, None where the press wrote no more than it always does."""
        reported = view.company.reported
        if reported is None:
            return None
        minutes = reported.minutes_before
        when = f"{minutes:.0f} min before the crowd" if minutes > 0 else f"{-minutes:.0f} min after the crowd"
        return Reading(
            signal=self.name,
            axis=Axis.CONTEXT,
            value=minutes,
            expected=None,
            text=f"reported by the press {when}: {', '.join(reported.outlets)}",
        )
