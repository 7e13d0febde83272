"""`/ack/TOKEN`: the page behind the acknowledge link of a message, plain HTML without a script.

Looking at it (GET) changes nothing, however often mail scanners and chat previews do so; sending its form (POST) takes
the incident over, once. The token is the right to do that, so no session and no login is asked for, and a token that is
used, expired or not ours learns nothing of any incident. Writes through stormcone.acting alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from alerts.ack_links import proves, read_token
from dashboard.acting import MAX_NAME_CHARS, record_acknowledgement
from dashboard.context import Context, OpenStore
from dashboard.escaping import for_html
from stormcone.config import Config
from stormcone.errors import StaleIncident, StoreError, UsageError
from stormcone.models import Incident, Notice

_MOST_BYTES = 4_096  # of a form; ours sends less than 300
_MOST_FIELDS = 10
_SENT = ("confirm", "yes")  # the field that says a form was sent, and not only an address called
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_SHELL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive"><meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark"><title>Stormcone: acknowledge</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:1.5rem}}
button{{font:inherit;font-weight:600;width:100%;min-height:3.2rem;margin-top:1rem}}
input{{font:inherit;width:100%;box-sizing:border-box;min-height:2.8rem}}p{{overflow-wrap:anywhere}}</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


class _Refusal(StrEnum):
    """Why a token opens nothing; each is all that is said."""

    UNKNOWN = "This link is not valid. Open the newest message again, or the dashboard."
    EXPIRED = "This link has expired. Open the newest message again, or the dashboard."
    USED = "This link has been used already: the incident was acknowledged with it. Nothing was recorded now."


_STATUS = {_Refusal.UNKNOWN: 404, _Refusal.EXPIRED: 410, _Refusal.USED: 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a sound token asks for: the incident, and the notice whose receiver follows its link."""

    incident: Incident
    notice: Notice


def ack_page(context: Context) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler of `/ack/TOKEN`."""

    async def answer(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else None
        return await run_in_threadpool(_answer, context, request.path_params["token"], form)

    return answer


def robots(_request: Request) -> Response:
    """Answer `/robots.txt`: nothing here is for search engines."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


async def _form(request: Request) -> Mapping[str, str]:
    """Return the fields of a sent form, none of them where it is too large or no form."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:  # more fields than any form of ours
        return {}
    return {name: values[0] for name, values in fields.items()}


def _answer(context: Context, token: str, form: Mapping[str, str] | None) -> Response:
    try:
        opened = context.open()
        asked = _asked(opened, token)
        if isinstance(asked, _Refusal):
            return _page("Nothing to acknowledge", _paragraph(asked.value), status=_STATUS[asked])
        if form is None:
            return _page(*_question(asked))
        name, value = _SENT
        if form.get(name) != value:
            return _page(*_question(asked), status=400)
        return _acknowledge(opened, context.config, asked, form.get("name", ""))
    except StoreError:
        return _page("Not recorded", _paragraph("The database does not answer. Send it again in a moment."), status=503)


def _asked(opened: OpenStore, text: str) -> _Asked | _Refusal:
    token = read_token(text)
    if token is None:
        return _Refusal.UNKNOWN
    store = opened.store
    told = store.notices.of_incident(token.incident_id)
    notice = next((each for each in told if proves(store.ack_links.key(), token, each.key)), None)
    if notice is None:
        return _Refusal.UNKNOWN
    if store.ack_links.is_used(notice.key):
        return _Refusal.USED
    if token.is_expired(opened.clock.now()):
        return _Refusal.EXPIRED
    return _Asked(incident=store.incidents.get(token.incident_id), notice=notice)


def _acknowledge(opened: OpenStore, config: Config, asked: _Asked, name: str) -> Response:
    who = asked.notice.to or name.strip() or f"somebody via {asked.notice.channel}"
    try:
        record_acknowledgement(opened, config, asked.incident.id or 0, by=who, link=asked.notice.key)
    except StaleIncident:
        return _page(*_question(asked), status=409)
    except UsageError as error:  # somebody was faster, or it is over
        return _page("Nothing to acknowledge", _paragraph(f"{error}. Nothing was recorded now."))
    return _page(
        "Acknowledged", _summary(asked.incident) + _paragraph(f"It is yours now, {who}: nobody else is woken.")
    )


def _question(asked: _Asked) -> tuple[str, str]:
    """Return title and body of what a sound link shows before anything is recorded."""
    incident = asked.incident
    if not incident.state.is_live:
        return "It is over", _summary(incident) + _paragraph("There is nothing left to acknowledge.")
    if incident.acknowledged_by is not None:
        taken = f"{incident.acknowledged_by} has acknowledged it already."
        return "Somebody has it", _summary(incident) + _paragraph(taken)
    return "Acknowledge this incident?", _summary(incident) + _send_form(asked.notice)


def _send_form(notice: Notice) -> str:
    name, value = _SENT
    asks_name = (
        '<p><label>Your name<br><input name="name" autocomplete="name" maxlength="60"></label></p>'
        if notice.to is None
        else _paragraph(f"You acknowledge as {notice.to}.")
    )
    return (
        f'<form method="post"><input type="hidden" name="{name}" value="{value}">{asks_name}'
        '<button type="submit">I have it</button></form>'
    )


def _summary(incident: Incident) -> str:
    facts = f"{incident.level.word}, severity {incident.severity} of 5, since {incident.opened_at:%Y-%m-%d %H:%M} UTC"
    return f"{_paragraph(incident.brand)}<p><strong>{for_html(incident.headline)}</strong></p>{_paragraph(facts)}"


def _paragraph(text: str) -> str:
    return f"<p>{for_html(text, max_chars=2 * MAX_NAME_CHARS + 200)}</p>"


def _page(title: str, body: str, *, status: int = 200) -> Response:
    return HTMLResponse(_SHELL.format(title=title, body=body), status_code=status, headers=_HEADERS)
