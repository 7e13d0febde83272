"""Signal: how many different people are openly hostile. Never lets one person count twice."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class HostileAuthors(Signal):
    """Distinct authors whose text is more likely against the brand than not.

    Source: own definition; a pile-on is many people, a troll is one.
    """

    name = "hostile_authors"

    def read(self, view: SignalView) -> Reading | None:
        """Return the number of authors; context for a level that asks for at least four of them."""
        people = "1 person is" if view.hostile_authors == 1 else f"{view.hostile_authors} different people are"
        return Reading(
            signal=self.name,
            axis=Axis.COMPOSITION,
            value=float(view.hostile_authors),
            expected=None,
            text=f"{people} openly against",
        )
