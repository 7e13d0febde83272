"""Signal: what share of the voices speaks against the brand, against its own usual share. Never counts how many."""

from stormcone.models import Axis, Reading
from stormcone.ports import Signal, SignalView


class AgainstShare(Signal):
    """Mean of the voices' probability of being against; polarity or hostility, whichever is more.

    Source: own definition; compared with the brand's own share, because absolute polarity is biased on replies.
    """

    name = "against_share"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where nobody spoke."""
        if view.voices <= 0:
            return None
        share = min(1.0, view.against / view.voices)
        return Reading(
            signal=self.name,
            axis=Axis.COMPOSITION,
            value=share,
            expected=view.usual_against_share,
            text=f"{share:.0%} of the voices are against, usually {view.usual_against_share:.0%}",
            surprise=(share - view.usual_against_share) / max(view.spread_against_share, 1e-6),
        )
