"""What people answered about an incident: one fact each, who said so and when; the newest answer holds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. fact: a key of the advice contract. value_json: as JSON has it; "unknown" takes the answer back."""

    incident_id: int
    at: datetime
    fact: str
    value_json: str
    by: str
