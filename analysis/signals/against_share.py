"""Signal: what share of the voices speaks against the brand, against its own usual share. Never counts how many."""

from analysis.usual import shrunk
from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class AgainstShare(Signal):
    """Mean of the voices' probability of being against; polarity or hostility, whichever is more.

    Source: own definition; compared with the brand's own share, because absolute polarity is biased on replies.
    """

    name = "against_share"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1 with its interval, shrunk to the usual one; None where nobody spoke."""
        if view.voices <= 0:
            return None
        share = shrunk(view.against, view.voices, usual=view.usual_against_share)
        return Reading(
            signal=self.name,
            axis=Axis.COMPOSITION,
            value=share.value,
            expected=share.usual,
            text=f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%}) of the voices are against, "
            f"usually {share.usual:.0%}",
            surprise=(min(1.0, view.against / view.voices) - share.usual) / max(view.spread_against_share, 1e-6),
            low=share.low,
            high=share.high,
        )
