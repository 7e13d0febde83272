"""Signal: how much of the anger comments on the matter as a trade. Never takes it for approval of the brand."""

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_WORTH_SAYING = 0.1
_LEAST_ACCOUNTS = 3


class CommentaryShare(Signal):
    """Share of the hostile accounts that speak as marketers, communicators or journalists, by their own phrases.

    Source: own table (analysis/commentary.toml); a lower bound, as most people do not say their trade.
    """

    name = "commentary"

    def read(self, view: SignalView) -> Reading | None:
        """Return the share 0..1, None where it is too small to matter."""
        company = view.company
        if company.commenting_accounts < _LEAST_ACCOUNTS:
            return None
        share = company.commenting_accounts / company.hostile_accounts
        if share < _WORTH_SAYING:
            return None
        return Reading(
            signal=self.name,
            axis=Axis.CONTEXT,
            value=share,
            expected=None,
            text=f"{share:.0%} of the voices against comment on the matter rather than being concerned by it",
        )
