"""Taking messages from the outbox to where people read them: mail over SMTP, when it is configured."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from app.infra.outbox import Channel, Letter, settle, take_next
from app.infra.settings import setting
from app.infra.transactions import transaction

TIMEOUT_SECONDS = 20


class NoGateway(OSError):
    """A channel that this installation has no way to serve; the outbox keeps the message with the reason."""


def deliver_next(*, now: datetime) -> bool:
    """Send the oldest message due; False when there is none.

    Without SMTP_URL nothing is tried: the messages wait, and a demo shows them on a page. The
    sending is outside any transaction: a slow mail server must not keep SQLite's writers waiting.
    """
    if not setting("SMTP_URL"):
        return False
    with transaction():
        letter = take_next(now=now)
    if letter is None:
        return False
    failure = None
    try:
        send(letter)
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors, a header that cannot be written is not
        failure = f"{type(error).__name__}: {error}"[:500]
    with transaction():
        settle(letter.id, failure, now=now)
    return True


def send(message: Letter) -> None:
    if message.channel is not Channel.MAIL:
        raise NoGateway(f"no gateway for {message.channel.value}")
    server = urlsplit(setting("SMTP_URL"))
    with _connected(server.scheme, server.hostname or "localhost", server.port) as connection:
        if server.username:
            if not isinstance(connection.sock, ssl.SSLSocket):
                raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS; the password was not sent")
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(mail(message))


def mail(message: Letter) -> EmailMessage:
    """The message as a mail; its id is stable, so that a repeat can be recognised."""
    written = EmailMessage()
    written["Message-ID"] = f"<{message.public_id}@{_host()}>"
    written["Date"] = format_datetime(message.created_at)
    written["From"], written["To"] = setting("MAIL_FROM"), message.address
    written["Subject"] = message.subject
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(message.body)
    return written


def _host() -> str:
    return str(setting("MAIL_FROM")).rpartition("@")[2].rstrip(">") or "localhost"


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    """smtps:// is encrypted from the start; smtp:// becomes so wherever the server offers it."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    return connection
