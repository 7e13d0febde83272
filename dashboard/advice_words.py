"""The words of advice on screens: questions, answers, what is to be avoided.

Beside wording. Holds no decision; keys are those of the advice contract.
"""

from types import MappingProxyType
from typing import Final

from stormcone.models import Avoid, Cause, Responsibility, Said

TITLE: Final = "Advice"
TITLE_HELP: Final = "From what was measured and what you answer. A person decides; Stormcone never acts."
QUESTIONS_TITLE: Final = "What only you know"
QUESTIONS_HELP: Final = "One tap each. What nobody knows stays unknown, and the advice stays cautious."
MORE_QUESTIONS: Final = "More questions"
PRECEDENTS_TITLE: Final = "Earlier cases like this"
EVIDENCE_BUTTON: Final = "Evidence (.zip)"
EVIDENCE_HELP: Final = (
    "Own post, replies, counts, timeline and decisions as one sealed bundle; `stormcone evidence --verify` checks it."
)
UNKNOWN: Final = "unknown"
YES_NO: Final = MappingProxyType({True: "yes", False: "no"})

QUESTIONS: Final = MappingProxyType(
    {
        "cause": "Why are people angry?",
        "harm_to_people": "Were people hurt, or are those who suffer mocked?",
        "claim_true": "Is what the critics say true?",
        "responsibility": "Whose responsibility is it?",
        "stands_by": "Was it deliberate, and do you mean to keep it?",
        "said": "What have you already published about it?",
        "asks_for_content": "Does it ask the public for pictures, stories or questions?",
        "support_tickets_up": "Are support tickets up as well?",
        "automation_running": "Do bots or automatic answers still run?",
        "legal_hold": "May nothing be destroyed (legal hold)?",
        "public_record_body": "Are you a public body whose posts are records?",
        "removal_approved": "Has whoever owns records or law agreed to a removal?",
        "deleted_comments": "Were critics' comments removed?",
    }
)
CAUSE_WORDS: Final = MappingProxyType(
    {
        Cause.WRONG_ACCOUNT: "meant for another account",
        Cause.HACKED: "somebody else posts for us",
        Cause.LEAK: "internal matter went out",
        Cause.TYPO_UNFINISHED: "typo, placeholder or half a draft",
        Cause.FACTUAL_ERROR: "our post is wrong",
        Cause.OFFENSIVE_OR_TONE_DEAF: "our post insults or is badly judged",
        Cause.OFFENSIVE_REPLY: "we were rude to a person",
        Cause.INAPPROPRIATE_LIKE: "our account liked something",
        Cause.CAMPAIGN_HIJACK: "our campaign or bot is turned against us",
        Cause.VALUES_CHALLENGE: "what we are or stand for",
        Cause.POLICY_CHANGE: "a decision we took",
        Cause.STAFF_CONDUCT: "conduct of our people",
        Cause.SERVICE_FAILURE: "the service fails",
        Cause.PRODUCT_HARM: "a product may hurt",
        Cause.RUMOUR: "a claim from elsewhere",
        Cause.CUSTOMER_COMPLAINT: "a customer's complaint",
        Cause.TROLL: "provocation without a claim",
        Cause.NONE: "there is no reason to be angry",
    }
)
RESPONSIBILITY_WORDS: Final = MappingProxyType(
    {
        Responsibility.VICTIM: "we are the victim",
        Responsibility.ACCIDENT: "an accident",
        Responsibility.PREVENTABLE: "we could have prevented it",
    }
)
SAID_WORDS: Final = MappingProxyType(
    {
        Said.NONE: "nothing",
        Said.HOLDING: "a holding statement",
        Said.JOKE: "a joke",
        Said.CORRECTION: "a correction",
        Said.EXCUSE: "an excuse",
        Said.DENIAL: "a denial",
        Said.APOLOGY: "an apology",
    }
)
AVOID_WORDS: Final = MappingProxyType(
    {
        Avoid.JOKE: "jokes",
        Avoid.SILENT_DELETE: "deleting without a word",
        Avoid.DELETE_COMMENTS: "deleting critics' comments",
        Avoid.ARGUE: "arguing",
        Avoid.DENY: "denying",
        Avoid.COPY_PASTE_REPLIES: "the same answer for everybody",
        Avoid.CHANGE_COURSE_ON_VOLUME: "changing course because of volume alone",
        Avoid.BLAME_STAFF: "blaming staff",
        Avoid.SPECULATE: "guessing in public",
    }
)
