"""Signal: how fast voices arrive, against what is usual for this hour. Never says whether they are angry."""

from analysis.windows import volume_surprise
from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class Velocity(Signal):
    """Distinct voices in the window against their expectation.

    Source: own definition; one vote an author, copies folded.
    """

    name = "velocity"

    def read(self, view: SignalView) -> Reading | None:
        """Return voices in the window; without an expectation (warm-up) the text says so."""
        if view.usual_voices is None or view.spread_voices is None:
            text = f"{view.voices:.0f} voices in {view.window_minutes} min; what is usual is not known yet"
            return Reading(signal=self.name, axis=Axis.VOLUME, value=view.voices, expected=None, text=text)
        return Reading(
            signal=self.name,
            axis=Axis.VOLUME,
            value=view.voices,
            expected=view.usual_voices,
            text=f"{view.voices:.0f} voices in {view.window_minutes} min, usually {view.usual_voices:.1f}",
            surprise=volume_surprise(view.voices, view.usual_voices, view.spread_voices**2),
        )
