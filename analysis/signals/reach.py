"""Signal: the largest account among those against the brand. Reach means followers; never impressions."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_WORTH_SAYING = 10_000


class Reach(Signal):
    """Followers of the largest account that spoke against the brand in the window."""

    name = "reach"

    def read(self, view: SignalView) -> Reading | None:
        """Return the followers, None where unknown or everyday."""
        if view.top_reach is None or view.top_reach < _WORTH_SAYING:
            return None
        who = view.top_reach_author or "an account"
        return Reading(
            signal=self.name,
            axis=Axis.HARM,
            value=float(view.top_reach),
            expected=None,
            text=f"{who} with {view.top_reach:,} followers joined in",
        )
