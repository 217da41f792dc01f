"""Mail leaves over a real SMTP conversation on loopback, once, and only after its transaction committed."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.infra.db import session
from app.infra.outbox import Channel, OutboxMessage
from app.infra.transactions import transaction
from app.notifications import delivery
from app.notifications.services import Recipient, tell
from app.notifications.texts import Notice
from tests.conftest import Clock


class Conversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self._say("354 go on")
                self._take()
            self._say("221 bye" if line == b"QUIT" else "250 fine")

    def _take(self) -> None:
        taken = b""
        while not taken.endswith(b"\r\n.\r\n"):
            taken += self.rfile.readline()
        self.server.mails.append(message_from_bytes(taken[:-3], policy=policy.default))  # type: ignore[attr-defined]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Postbox(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails: list[EmailMessage] = []


@pytest.fixture
def postbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with Postbox() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setitem(app.config, "MAIL_FROM", "platform@example.org")
        yield server
        server.shutdown()


def post(now: datetime, to: str = "li@example.org", channel: Channel = Channel.MAIL, **params: Any) -> None:
    tell(Recipient(channel, to), Notice.VERIFICATION_CODE, now=now, **{"code": "123456", "minutes": 15, **params})


def test_a_mail_leaves_once_in_the_language_of_its_reader(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now)
    assert delivery.deliver_due(now=now) == 1
    assert delivery.deliver_due(now=now) == 0
    mail = postbox.mails[0]
    stored = session.scalars(select(OutboxMessage)).one()
    assert (mail["To"], mail["Subject"]) == ("li@example.org", stored.subject)
    assert mail["Message-ID"] == f"<{stored.public_id}@example.org>"
    assert "123456" in mail.get_content()
    assert stored.sent_at == now


def test_a_mail_of_a_transaction_that_rolled_back_never_leaves(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now)
        session.rollback()
    assert delivery.deliver_due(now=now) == 0


def test_line_breaks_in_a_value_do_not_become_headers(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now, code="1\r\nBcc: thief@example.org")
    delivery.deliver_due(now=now)
    assert postbox.mails[0]["Bcc"] is None
    assert "Bcc" in postbox.mails[0]["Subject"]


def test_what_cannot_be_sent_is_kept_with_the_reason_and_tried_later(
    postbox: Postbox, now: datetime, clock: Clock
) -> None:
    with transaction():
        post(now, channel=Channel.SMS, to="13800138000")
    assert delivery.deliver_due(now=now) == 1
    stored = session.scalars(select(OutboxMessage)).one()
    assert (stored.sent_at, stored.tries) == (None, 1)
    assert "no gateway for sms" in (stored.failure or "")
    assert delivery.deliver_due(now=now) == 0, "not at once"
    session.rollback()
    assert delivery.deliver_due(now=clock.move(minutes=5)) == 1


def test_without_smtp_messages_wait(app: Flask, now: datetime) -> None:
    with transaction():
        post(now)
    assert delivery.deliver_due(now=now) == 0
    assert session.scalars(select(OutboxMessage.tries)).one() == 0
