"""The view that the tests of signals start from: half an hour of a storm on an own post."""

from stormcone.models import Estimate
from stormcone.models.signal_views import SaidShares, SignalView

VIEW = SignalView(
    window_minutes=30,
    mentions=60,
    voices=40,
    against=30,
    hostile_voices=25,
    copies=15,
    positive=4,
    hostile_authors=22,
    cues={"shame": 7, "delete this": 9, "boycott": 2, "resign": 2},
    top_reach=120_000,
    top_reach_author="loud",
    usual_voices=4.0,
    spread_voices=2.0,
    usual_against_share=0.25,
    spread_against_share=0.07,
    usual_positive_share=0.38,
    post_age_minutes=45,
    likes=20,
    replies_total=80,
    usual_ratio=0.2,
    said=SaidShares(
        negative=Estimate(value=0.52, low=0.47, high=0.57, usual=0.30),
        hostile=Estimate(value=0.41, low=0.36, high=0.46, usual=0.08),
        cued=Estimate(value=0.33, low=0.28, high=0.38, usual=0.10),
    ),
)
