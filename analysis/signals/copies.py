"""Signal: how much of the surge is copies of the same texts. Never takes a copy for a voice."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_WORTH_SAYING = 0.2


class Copies(Signal):
    """Share of mentions that repeat a text already seen: reposts of one post, or a campaign by arrangement."""

    name = "copies"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where it is too small to matter."""
        if view.mentions <= 0 or view.copies / view.mentions < _WORTH_SAYING:
            return None
        share = view.copies / view.mentions
        return Reading(
            signal=self.name,
            axis=Axis.CONTEXT,
            value=share,
            expected=None,
            text=f"{share:.0%} of {view.mentions:.0f} mentions repeat a text already seen",
        )
