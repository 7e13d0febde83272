"""The words of the house as frozen records: what a mention, a verdict, an incident and a notice are.

Stands below everything but errors and clock. Records only: no I/O, no decisions, no defaults that hide the unknown
(`None` means "nobody knows", never zero).
"""

from stormcone.models.batches import Batch, Deletion, Engagement, Gap, Like, Skip
from stormcone.models.incidents import (
    Decision,
    DecisionRecord,
    Evidence,
    Incident,
    IncidentEvent,
    Moment,
    State,
    Transition,
)
from stormcone.models.mentions import HOSTILE, Confidence, Mention, ScoredMention, Scores, Vote
from stormcone.models.notices import Delivery, Notice, NoticeState, Outcome, Recipient
from stormcone.models.rollups import BrandMinute, PostMinute
from stormcone.models.sources import SourceHealth, SourceState
from stormcone.models.surroundings import NOTHING_KNOWN, Place, Surroundings
from stormcone.models.verdicts import (
    Action,
    Advice,
    Axis,
    Because,
    Forecast,
    ForecastBand,
    Kind,
    Level,
    Precedent,
    Reading,
    StepReading,
    Trust,
    Verdict,
)

__all__ = [
    "HOSTILE",
    "NOTHING_KNOWN",
    "Action",
    "Advice",
    "Axis",
    "Batch",
    "Because",
    "BrandMinute",
    "Confidence",
    "Decision",
    "DecisionRecord",
    "Deletion",
    "Delivery",
    "Engagement",
    "Evidence",
    "Forecast",
    "ForecastBand",
    "Gap",
    "Incident",
    "IncidentEvent",
    "Kind",
    "Level",
    "Like",
    "Mention",
    "Moment",
    "Notice",
    "NoticeState",
    "Outcome",
    "Place",
    "PostMinute",
    "Precedent",
    "Reading",
    "Recipient",
    "ScoredMention",
    "Scores",
    "Skip",
    "SourceHealth",
    "SourceState",
    "State",
    "StepReading",
    "Surroundings",
    "Transition",
    "Trust",
    "Verdict",
    "Vote",
]
