"""Signal: what share of the texts is openly hostile, with how sure that is. Never asks how many people they are."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class HostileShare(Signal):
    """Share of openly hostile texts in the window, shrunk to the brand's usual one.

    Source: own definition, see analysis.usual; context for the verdict, which adds up voices instead of texts.
    """

    name = "hostile_share"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where nobody spoke."""
        if view.said is None:
            return None
        share = view.said.hostile
        return Reading(
            signal=self.name,
            axis=Axis.COMPOSITION,
            value=share.value,
            expected=share.usual,
            text=f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%}) openly hostile, usually {share.usual:.0%}",
            low=share.low,
            high=share.high,
        )
