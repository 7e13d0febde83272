"""Mail through a real SMTP server on loopback."""

import email.policy
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import ValidationError

from alerts.channels._chart_drawer import ChartDrawer
from alerts.channels.email import Email, EmailSettings
from alerts.message import from_json, to_json
from stormcone.errors import DeliveryError
from stormcone.models import Moment, Notice
from stormcone.models.courses import Course
from tests.alerts.courses import make_course

PASSWORD = "planted-word-91aa"


class Mailbox:
    """An SMTP server's handler that keeps mails and answers as told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.data_answer = "250 kept"
        self.goodbye = "221 bye"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.answers.get(address, "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - same
        content = cast("bytes", envelope.content)
        self.mails.append(message_from_bytes(content, policy=email.policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return self.data_answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - same
        return self.goodbye

    def check_login(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_port(), authenticator=mailbox.check_login, auth_require_tls=False
    )
    controller.start()
    yield controller
    controller.stop()


def mail_channel(server: Controller, *, secrets: dict[str, str] | None = None, **changes: Any) -> Email:
    settings = {
        "id": "mail",
        "type": "email",
        "host": "127.0.0.1",
        "port": server.port,
        "from": "Stormcone <storm@house.test>",
        "to": "ann@house.test",
        "tls": "none",
        "timeout_seconds": 5,
    }
    return Email(EmailSettings.model_validate({**settings, **changes}), secrets or {})


def failure(channel: Email, notice: Notice) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(notice)
    return caught.value


def test_mail_says_everything_to_everybody_named(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    mail_channel(server, to=["ann@house.test", "bo@house.test"]).deliver(make_notice("mail"))
    mail = mailbox.mails[0]
    assert mailbox.recipients == [["ann@house.test", "bo@house.test"]]
    assert mail["Subject"] == "[page] acme: replies turn against a post"
    assert mail["From"] == "Stormcone <storm@house.test>"
    assert mail.get_content_type() == "text/plain"
    assert "42 replies a minute" in mail.get_content()
    assert "http://127.0.0.1:8501/incidents?incident=7" in mail.get_content()


def test_repeats_are_one_mail_and_an_incident_is_one_thread(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    channel = mail_channel(server)
    channel.deliver(make_notice("mail"))
    channel.deliver(make_notice("mail"))
    channel.deliver(make_notice("mail", moment=Moment.RESOLVED))
    first, repeat, end = mailbox.mails
    assert first["Message-ID"] == repeat["Message-ID"] != end["Message-ID"]
    assert first["Message-ID"].endswith("@house.test>")
    assert first["References"] == end["References"] == end["In-Reply-To"]


def test_hostile_headline_adds_no_header(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    headline = "acme\r\nBcc: all@x.test\r\n\r\n\u202eü\x00\ud800 " + "x" * 10**6
    mail_channel(server).deliver(make_notice("mail", headline=headline))
    mail = mailbox.mails[0]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("[page] acme Bcc: all@x[.]test ü")
    assert mailbox.recipients == [["ann@house.test"]]


@pytest.mark.parametrize(("answer", "permanent"), [("550 no such user", True), ("451 try later", False)])
def test_refused_recipient_is_permanent_by_its_code(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice], answer: str, permanent: bool
) -> None:
    mailbox.answers = {"ann@house.test": answer}
    assert failure(mail_channel(server), make_notice("mail")).permanent is permanent


def test_one_accepted_recipient_is_an_arrival(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    mailbox.answers = {"ann@house.test": "550 no such user"}
    mail_channel(server, to=["ann@house.test", "bo@house.test"]).deliver(make_notice("mail"))
    assert mailbox.recipients == [["bo@house.test"]]


@pytest.mark.parametrize(("answer", "permanent"), [("554 spam", True), ("452 full", False)])
def test_refused_mail_is_permanent_by_its_code(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice], answer: str, permanent: bool
) -> None:
    mailbox.data_answer = answer
    error = failure(mail_channel(server), make_notice("mail"))
    assert error.permanent is permanent
    assert answer[:3] in str(error)


def test_bad_goodbye_does_not_repeat_an_accepted_mail(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    mailbox.goodbye = "500 never heard of it"
    mail_channel(server).deliver(make_notice("mail"))
    assert len(mailbox.mails) == 1


def test_nobody_listening_is_worth_a_retry(server: Controller, make_notice: Callable[..., Notice]) -> None:
    assert not failure(mail_channel(server, port=free_port()), make_notice("mail")).permanent


def test_right_login_is_accepted_and_wrong_one_permanent(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    login: dict[str, Any] = {"user_env": "MAIL_USER", "password_env": "MAIL_WORD"}
    mail_channel(server, **login, secrets={"MAIL_USER": "me", "MAIL_WORD": PASSWORD}).deliver(make_notice("mail"))
    assert len(mailbox.mails) == 1
    wrong = mail_channel(server, **login, secrets={"MAIL_USER": "me", "MAIL_WORD": "planted-wrong"})
    error = failure(wrong, make_notice("mail"))
    assert error.permanent
    assert "planted" not in str(error)


def test_server_without_tls_is_never_told_the_mail(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    assert failure(mail_channel(server, tls="starttls"), make_notice("mail")).permanent
    assert not failure(mail_channel(server, tls="ssl"), make_notice("mail")).permanent
    assert mailbox.mails == []


def test_missing_variable_is_named_and_permanent(server: Controller, make_notice: Callable[..., Notice]) -> None:
    channel = mail_channel(server, user_env="MAIL_USER", password_env="MAIL_WORD", secrets={"MAIL_USER": "me"})
    error = failure(channel, make_notice("mail"))
    assert error.permanent
    assert "MAIL_WORD" in str(error)
    assert "MAIL_WORD" in (channel.check() or "")


def with_course(notice: Notice, course: Course) -> Notice:
    return replace(notice, message_json=to_json(replace(from_json(notice.message_json), course=course)))


def test_chart_comes_with_the_mail_and_the_plain_text_stays_whole(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    notice = make_notice("mail")
    channel = mail_channel(server)
    channel._drawer = ChartDrawer("mail", seconds=60)  # of a busy machine; a drawing takes one
    channel.deliver(with_course(notice, make_course()))
    mail_channel(server).deliver(notice)
    mail, plain = mailbox.mails
    assert plain.get_content_type() == "text/plain"
    text, related = mail.iter_parts()
    assert (mail.get_content_type(), related.get_content_type()) == ("multipart/alternative", "multipart/related")
    assert cast("EmailMessage", text).get_content() == plain.get_content()
    html, picture = cast("EmailMessage", related).iter_parts()
    assert picture.get_content_type() == "image/png"
    assert picture.get_content_disposition() == "inline"
    assert cast("EmailMessage", picture).get_content().startswith(b"\x89PNG")
    shown = cast("EmailMessage", html).get_content()
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in shown
    assert "247 in the last, where 2 to 9 is usual" in shown


def test_mail_whose_chart_takes_too_long_goes_without_it(
    server: Controller, mailbox: Mailbox, make_notice: Callable[..., Notice]
) -> None:
    channel = mail_channel(server)
    channel._drawer = ChartDrawer("mail", seconds=0.01)
    channel.deliver(with_course(make_notice("mail"), make_course()))
    assert mailbox.mails[0].get_content_type() == "text/plain"


@pytest.mark.parametrize("address", ["nobody", "a@b\r\nBcc: c@d", "@house.test", "ann@", ""])
def test_what_is_no_address_is_refused_at_start(server: Controller, address: str) -> None:
    sender: dict[str, Any] = {"from": address}
    with pytest.raises(ValidationError, match="not a mail address"):
        mail_channel(server, to=[address])
    with pytest.raises(ValidationError, match="not a mail address"):
        mail_channel(server, **sender)
