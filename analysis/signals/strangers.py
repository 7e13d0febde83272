"""Signal: how many of those who join a thread have never been heard of before. Never says who they are.

Context, not evidence: a free hit draws strangers as a pile-on does, and a young memory knows nobody.
"""

from analysis.parts import part_reading
from stormcone.models import Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class Strangers(Signal):
    """Share of the authors who joined in the window that had never mentioned the brand before the post appeared.

    Source: own definition; as far as thirty days and 50,000 authors are remembered, so it is compared with the brand's
    earlier posts, which were measured the same way.
    """

    name = "strangers"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where it is not known who has been heard before."""
        return part_reading(self.name, view.strangers, "had never mentioned the brand before")
