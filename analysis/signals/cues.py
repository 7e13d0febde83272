"""Signal: which phrases of backlash are heard most. Never decides alone: words are context."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_SHOWN = 3


class Cues(Signal):
    """The share of texts that hold a cue, beside the usual one, and the most frequent cues by name.

    Source: own definition; the share is shrunk to the brand's own (analysis.usual).
    """

    name = "cues"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where no cue was heard."""
        if not view.cues or view.said is None:
            return None
        loudest = sorted(view.cues.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
        names = ", ".join(f"“{name}” {count} times" for name, count in loudest)
        cued = view.said.cued
        return Reading(
            signal=self.name,
            axis=Axis.HARM,
            value=cued.value,
            expected=cued.usual,
            text=f"{cued.value:.0%} ({cued.low:.0%} to {cued.high:.0%}) hold a cue, usually {cued.usual:.0%}: {names}",
            low=cued.low,
            high=cued.high,
        )
