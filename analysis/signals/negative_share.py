"""Signal: how negative the texts are on average, with how sure that is. Never counts labels of single texts."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class NegativeShare(Signal):
    """Mean probability of being negative among the texts of the window, shrunk to the brand's usual one.

    Source: own definition, see analysis.usual; context for the verdict, which adds up voices instead of texts.
    """

    name = "negative_share"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where nobody spoke."""
        if view.said is None:
            return None
        share = view.said.negative
        return Reading(
            signal=self.name,
            axis=Axis.COMPOSITION,
            value=share.value,
            expected=share.usual,
            text=f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%}) negative, usually {share.usual:.0%}",
            low=share.low,
            high=share.high,
        )
