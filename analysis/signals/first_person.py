"""Signal: how many of those who join a thread tell what happened to them. Never doubts that it did.

Context, not evidence: customers are angry at an outage and bystanders at an advert, and both can be a pile-on.
"""

from analysis.parts import part_reading
from stormcone.models import Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal


class FirstPerson(Signal):
    """Share of the authors who joined in the window with words of own experience: customers rather than bystanders.

    Source: own table (analysis/first_person.toml); a lower bound, compared with the same of the brand's earlier posts.
    """

    name = "first_person"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where most texts are in a language without a table."""
        return part_reading(self.name, view.personal, "speak from own experience")
