"""The words of the house as frozen records: what a mention, a verdict, an incident and a notice are.

Stands below everything but errors and clock. Records only: no I/O, no decisions, no defaults that hide the unknown
(`None` means "nobody knows", never zero).
"""

from stormcone.models.batches import Batch, BilledRead, Check, Deletion, Edit, Engagement, Gap, Like, Skip, Volume
from stormcone.models.budgets import BudgetStanding, Judgement, Page, Promise, WatchedDay
from stormcone.models.explanations import Carrier, Carriers, Exemplar, Explanation, Lever, Topic, WouldChange
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
from stormcone.models.levels import Kind, Level
from stormcone.models.mentions import HOSTILE, Confidence, Mention, ScoredMention, Scores, Vote
from stormcone.models.notices import Delivery, Notice, NoticeState, Outcome, Recipient
from stormcone.models.recovery import Fading, LastingShift, Recovery, RecoveryRecord, Shift, Standing
from stormcone.models.rollups import BrandMinute, PostMinute
from stormcone.models.sources import SourceHealth, SourceState
from stormcone.models.surroundings import NOTHING_KNOWN, Place, Surroundings
from stormcone.models.verdicts import (
    Action,
    Advice,
    Axis,
    Because,
    Estimate,
    Forecast,
    ForecastBand,
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
    "BilledRead",
    "BrandMinute",
    "BudgetStanding",
    "Carrier",
    "Carriers",
    "Check",
    "Confidence",
    "Decision",
    "DecisionRecord",
    "Deletion",
    "Delivery",
    "Edit",
    "Engagement",
    "Estimate",
    "Evidence",
    "Exemplar",
    "Explanation",
    "Fading",
    "Forecast",
    "ForecastBand",
    "Gap",
    "Incident",
    "IncidentEvent",
    "Judgement",
    "Kind",
    "LastingShift",
    "Level",
    "Lever",
    "Like",
    "Mention",
    "Moment",
    "Notice",
    "NoticeState",
    "Outcome",
    "Page",
    "Place",
    "PostMinute",
    "Precedent",
    "Promise",
    "Reading",
    "Recipient",
    "Recovery",
    "RecoveryRecord",
    "ScoredMention",
    "Scores",
    "Shift",
    "Skip",
    "SourceHealth",
    "SourceState",
    "Standing",
    "State",
    "StepReading",
    "Surroundings",
    "Topic",
    "Transition",
    "Trust",
    "Verdict",
    "Volume",
    "Vote",
    "WatchedDay",
    "WouldChange",
]
