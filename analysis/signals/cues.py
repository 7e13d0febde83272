"""Signal: which phrases of backlash are heard most. Never decides alone: words are context."""

from stormcone.models import Axis, Reading
from stormcone.ports import Signal, SignalView

_SHOWN = 3


class Cues(Signal):
    """The most frequent cues by name, and how many mentions of the window hold any of them."""

    name = "cues"

    def read(self, view: SignalView) -> Reading | None:
        """Return the number of cues heard, None where there was none."""
        if not view.cues:
            return None
        loudest = sorted(view.cues.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
        said = ", ".join(f"“{name}” {count} times" for name, count in loudest)
        return Reading(
            signal=self.name,
            axis=Axis.HARM,
            value=float(sum(view.cues.values())),
            expected=None,
            text=f"heard: {said}",
        )
