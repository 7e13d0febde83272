"""Email: a plain text mail per notice, with a chart of the last hours where there is one, threaded by incident.

The Message-ID comes from the notice's key, so a mail that was sent twice is the same mail; References ties all mails of
an incident into one thread. Headers are written by the standard library's EmailMessage, which refuses line breaks, from
values that are one clean line already. Where the chart cannot be drawn in time the mail goes without it. Imported as
alerts.channels.email; the imports below mean the standard library.
"""

import hashlib
import smtplib
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Annotated, Literal

import structlog
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from alerts.channels._chart_drawer import ChartDrawer
from alerts.chart import chart_sentence
from alerts.cleaning import clean_for_sink
from alerts.connecting import SEND_BY
from alerts.html_text import html_text
from alerts.message import Message, from_json
from alerts.plain_text import plain_text, subject
from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel, ChannelSettings

_log = structlog.get_logger(__name__)

_FIRST_PERMANENT_CODE = 500
_CHART_SECONDS = 5.0  # a picture takes one, on a busy machine three
_CHART_SHARE = 0.5  # of the time for one delivery: the mail itself needs the rest
ADDRESS_CHARS = 320


def _mail_address(given: str) -> str:
    name, at, domain = parseaddr(given)[1].rpartition("@")
    if not (name and at and domain) or clean_for_sink(given, max_chars=ADDRESS_CHARS) != given:
        raise ValueError("not a mail address; use a form such as oncall@example.test")
    return given


def _as_list(given: object) -> object:
    return (given,) if isinstance(given, str) else given


_Address = Annotated[str, AfterValidator(_mail_address)]


class EmailSettings(ChannelSettings):
    """A [[channels]] entry of type "email"."""

    model_config = ConfigDict(populate_by_name=True)

    host: str = Field(min_length=1, description="mail server")
    port: int = Field(default=587, ge=1, le=65535, description="its port; 587 for starttls, 465 for ssl")
    sender: _Address = Field(alias="from", description="address the mail comes from")
    recipients: Annotated[tuple[_Address, ...], BeforeValidator(_as_list)] = Field(
        alias="to", min_length=1, description="an address, or a list of them"
    )
    tls: Literal["none", "starttls", "ssl"] = Field(default="starttls", description="none, starttls or ssl")
    user_env: str | None = Field(default=None, description="environment variable that holds the user name")
    password_env: str | None = Field(default=None, description="environment variable that holds the password")


class Email(Channel):
    """Sends mail through one server."""

    Settings = EmailSettings
    type = "email"
    settings: EmailSettings

    def __init__(self, settings: ChannelSettings, secrets: Mapping[str, str]) -> None:
        super().__init__(settings, secrets)
        self._drawer = ChartDrawer(
            self.settings.id, seconds=min(_CHART_SECONDS, self.settings.timeout_seconds * _CHART_SHARE)
        )

    def deliver(self, notice: Notice) -> None:
        """Hand the mail to the server. At least one accepted recipient counts as arrived. Raises: DeliveryError."""
        missing = self.check()
        if missing:
            raise DeliveryError(self.settings.id, missing, permanent=True)
        message = from_json(notice.message_json)
        mail = self._mail(notice, message)
        self._add_chart(mail, message)
        with self._opened() as server:
            if time.monotonic() >= SEND_BY.get():
                raise DeliveryError(self.settings.id, "the time allowed for all of it is over")
            with _errors_of(self.settings.id, is_unsure=True):
                refused = server.send_message(mail)
            with suppress(smtplib.SMTPException, OSError):  # the mail is accepted: a bad goodbye must not repeat it
                server.quit()
        if refused:
            _log.warning("mail_recipients_refused", channel=self.settings.id, key=notice.key, refused=len(refused))

    def check(self) -> str | None:
        """Return which variable is missing, or None."""
        for name in (self.settings.user_env, self.settings.password_env):
            if name and not self.secrets.get(name):
                return f"the environment variable {name} is not set"
        return None

    @contextmanager
    def _opened(self) -> Iterator[smtplib.SMTP]:
        with _errors_of(self.settings.id):
            server = self._connect()
        with closing(server):
            with _errors_of(self.settings.id):
                self._secure(server)
            yield server

    def _connect(self) -> smtplib.SMTP:
        host, port, seconds = self.settings.host, self.settings.port, self.settings.timeout_seconds
        if self.settings.tls == "ssl":
            return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=seconds)

    def _secure(self, server: smtplib.SMTP) -> None:
        if self.settings.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.settings.user_env:
            password = self.secrets[self.settings.password_env] if self.settings.password_env else ""
            server.login(self.secrets[self.settings.user_env], password)

    def _mail(self, notice: Notice, message: Message) -> EmailMessage:
        domain = parseaddr(self.settings.sender)[1].rpartition("@")[2]
        # The thread's first id belongs to no mail: every mail of the incident answers it, whichever arrives first.
        matter = message.incident if notice.incident_id is None else f"incident-{notice.incident_id}"
        thread = f"<{matter}.{_digest(self.settings.id)}@{domain}>"
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.settings.sender
        mail["To"] = ", ".join(self.settings.recipients)
        mail["Subject"] = subject(message)
        mail["Date"] = format_datetime(notice.created_at)
        mail["Message-ID"] = f"<{_digest(notice.key)}@{domain}>"
        mail["In-Reply-To"] = thread
        mail["References"] = thread
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps holiday responders quiet
        mail.set_content(plain_text(message), cte="quoted-printable")
        return mail

    def _add_chart(self, mail: EmailMessage, message: Message) -> None:
        """Add the HTML half with its picture; without a picture the plain text is the whole mail."""
        course = message.course
        if course is None:
            return
        picture = self._drawer.png(course, brand=message.brand)
        if picture is None:
            return
        name = f"{_digest(message.key)}.chart@{parseaddr(self.settings.sender)[1].rpartition('@')[2]}"
        described = chart_sentence(course, brand=message.brand)
        html = html_text(message, picture=name, description=described)
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        half = mail.get_payload(1)
        assert isinstance(half, EmailMessage)  # the part that was added in the line before
        half.add_related(
            picture, "image", "png", cid=f"<{name}>", disposition="inline", filename="mentions.png", cte="base64"
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@contextmanager
def _errors_of(channel: str, *, is_unsure: bool = False) -> Iterator[None]:
    """Turn what smtplib raises into DeliveryError: 5xx is permanent (RFC 5321), everything else may pass.

    Args: is_unsure: the mail is on its way, so a connection that breaks leaves open whether it arrived.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _refused(channel, "refused every recipient", min(codes, default=0)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise _refused(channel, "refused user name and password", error.smtp_code) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(channel, "refused the mail", error.smtp_code) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(channel, "the mail server lacks what `tls` or the login needs", permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        reason = f"the mail server cannot be reached ({type(error).__name__})"
        raise DeliveryError(channel, reason, is_unsure=is_unsure) from error


def _refused(channel: str, what: str, code: int) -> DeliveryError:
    return DeliveryError(channel, f"the mail server {what} (code {code})", permanent=code >= _FIRST_PERMANENT_CODE)
