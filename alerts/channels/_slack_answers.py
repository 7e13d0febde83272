"""What Slack's Web API answers to a message: accepted, try again, or give up.

The API says yes with status 200 whatever it thinks, and what it thinks in the body. Pure; of what Slack said only words
from the list below come back, so that no answer can bring a secret or a stranger's text into a log.
"""

import json
from dataclasses import dataclass

_WAIT = {"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "team_added_to_org"}
_UNSURE = {"internal_error", "fatal_error", "request_timeout"}
_GONE = {"thread_not_found", "cannot_reply_to_message", "invalid_thread_ts", "message_not_found"}
_REMEDIES = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"),
        "the bot's token is not accepted; make a new one",
    ),
    **dict.fromkeys(("missing_scope", "no_permission", "not_allowed_token_type"), "the bot needs the scope chat:write"),
    **dict.fromkeys(("channel_not_found", "not_in_channel"), "invite the bot to the channel, and check `conversation`"),
    **dict.fromkeys(("is_archived", "restricted_action"), "nobody may write to that channel"),
    **dict.fromkeys(("msg_too_long", "invalid_blocks", "no_text"), "Slack does not take the message as it is"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a message. receipt: Slack's name of it. problem: one line of ours, None where it was accepted."""

    receipt: str | None = None
    problem: str | None = None
    is_permanent: bool = False
    is_unsure: bool = False
    is_thread_gone: bool = False


def answer_of(said: bytes) -> Answer:
    """Return what an answer with status 200 means.

    >>> answer_of(b'{"ok": true, "ts": "12.34"}').receipt
    '12.34'
    >>> answer_of(b'{"ok": false, "error": "not_in_channel"}').problem
    'Slack said not_in_channel: invite the bot to the channel, and check `conversation`'
    """
    try:
        given = json.loads(said)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return Answer(problem="what answered is not Slack's Web API", is_unsure=True)
    if given.get("ok") is True:
        receipt = given.get("ts")
        return Answer(receipt=receipt if isinstance(receipt, str) else None)
    error = str(given.get("error"))
    if error in _WAIT | _UNSURE:
        return Answer(problem=f"Slack said {error}", is_unsure=error in _UNSURE)
    if error in _REMEDIES:
        return Answer(problem=f"Slack said {error}: {_REMEDIES[error]}", is_permanent=True)
    if error in _GONE:
        return Answer(problem=f"Slack said {error}", is_permanent=True, is_thread_gone=True)
    return Answer(problem="Slack did not take the message, for a reason unknown to us", is_permanent=True)
