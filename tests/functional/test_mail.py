"""Mail leaves over a real SMTP conversation on loopback, once, and only after its transaction committed."""

from __future__ import annotations

import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask
from sqlalchemy import select

from app.infra.clock import system_clock
from app.infra.db import session
from app.infra.outbox import HIDDEN, MOST_TRIES, Channel, OutboxMessage
from app.infra.transactions import transaction
from app.notifications import delivery
from app.notifications.services import Recipient, Secret, tell
from app.notifications.texts import Notice
from tests.conftest import Clock
from tests.rig.site import Place, jobs


class Hidden(StrEnum):
    NEVER = "smtp"
    ON_REQUEST = "smtp with STARTTLS"
    FROM_THE_START = "smtps"


class Mood(StrEnum):
    FINE = "fine"
    BUSY = "421 come back later"
    STRICT = "550 nobody of that name"
    ASLEEP = "says nothing at all"


class Conversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs, and of STARTTLS and AUTH as a careful one does."""

    server: Postbox

    def handle(self) -> None:
        self.server.knocked.set()
        with suppress(OSError):  # the sender does not trust this certificate
            if self.server.hidden is Hidden.FROM_THE_START:
                self._encrypt()
            self._receive()

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _receive(self) -> None:
        if self.server.mood is Mood.ASLEEP:
            self.rfile.read()  # until the sender is gone
        else:
            self._say(Mood.BUSY if self.server.mood is Mood.BUSY else "220 ready")
            self._converse()

    def _converse(self) -> None:
        while line := self.rfile.readline().strip():
            match line.upper().split()[0]:
                case b"EHLO":
                    offers = self.server.hidden is Hidden.ON_REQUEST and not isinstance(self.connection, ssl.SSLSocket)
                    self._say("250-postbox\r\n250 STARTTLS" if offers else "250-postbox\r\n250 AUTH PLAIN")
                case b"STARTTLS":
                    self._say("220 go on")
                    self._encrypt()
                case b"AUTH":
                    self.server.signed_in.append(b64decode(line.split()[2]).decode().split("\0")[1:])
                    self._say("235 welcome")
                case b"DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 fine")
                case b"RCPT" if self.server.mood is Mood.STRICT:
                    self._say(Mood.STRICT)
                case word:
                    self._say("221 bye" if word == b"QUIT" else "250 fine")

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _take(self) -> None:
        taken = b""
        while not taken.endswith(b"\r\n.\r\n"):
            taken += self.rfile.readline()
        self.server.raw.append(taken)
        self.server.secret.append(isinstance(self.connection, ssl.SSLSocket))
        self.server.mails.append(message_from_bytes(taken[:-3], policy=policy.default))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Postbox(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.mood, self.knocked = Mood.FINE, threading.Event()
        self.hidden, self.certificate, self.authority = Hidden.NEVER, Path(), Path()
        self.signed_in: list[list[str]] = []
        self.secret: list[bool] = []


def deliver_due(*, now: datetime, most: int = 200) -> int:
    """Send what is due, one message after the other, as the jobs process does; how many were tried."""
    for tried in range(most):
        if not delivery.deliver_next(now=now):
            return tried
    return most


@pytest.fixture
def postbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with Postbox() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setitem(app.config, "MAIL_FROM", "platform@example.org")
        yield server
        server.shutdown()


def post(
    now: datetime, to: str = "li@example.org", channel: Channel = Channel.MAIL, code: str = "123456", **params: Any
) -> None:
    secret = Secret(code, now + timedelta(minutes=15))
    tell(Recipient(channel, to), Notice.VERIFICATION_CODE, now=now, secret=secret, **{"minutes": 15, **params})


def test_a_mail_leaves_once_in_the_language_of_its_reader(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now)
    assert deliver_due(now=now) == 1
    assert deliver_due(now=now) == 0
    mail = postbox.mails[0]
    stored = session.scalars(select(OutboxMessage)).one()
    assert (mail["To"], mail["Subject"]) == ("li@example.org", stored.subject.replace(HIDDEN, "123456"))
    assert "123456" not in stored.subject + stored.body + (stored.secret or ""), "what was sent is nobody else's"
    sent = "\n".join((mail["Subject"], mail.get_content().rstrip("\n")))
    assert stored.digest == sha256(sent.encode()).hexdigest()
    assert mail["Message-ID"] == f"<{stored.public_id}@example.org>"
    assert (mail["From"], mail["Auto-Submitted"]) == ("platform@example.org", "auto-generated")
    assert mail["Date"].datetime == now
    assert not stored.subject.isascii()
    assert postbox.raw[0].isascii(), "any server takes it: what is Chinese is encoded, in headers too"
    assert "123456" in mail.get_content()
    assert stored.sent_at == now


def test_a_mail_of_a_transaction_that_rolled_back_never_leaves(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now)
        session.rollback()
    assert deliver_due(now=now) == 0


def test_line_breaks_in_a_value_do_not_become_headers(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now, code="1\r\nBcc: thief@example.org")
    deliver_due(now=now)
    assert postbox.mails[0]["Bcc"] is None
    assert "Bcc" in postbox.mails[0]["Subject"]


def test_what_cannot_be_sent_is_kept_with_the_reason_and_tried_later(
    postbox: Postbox, now: datetime, clock: Clock
) -> None:
    with transaction():
        post(now, channel=Channel.SMS, to="13800138000")
    assert deliver_due(now=now) == 1
    stored = session.scalars(select(OutboxMessage)).one()
    assert (stored.sent_at, stored.tries) == (None, 1)
    assert "no gateway for sms" in (stored.failure or "")
    assert deliver_due(now=now) == 0, "not at once"
    session.rollback()
    assert deliver_due(now=clock.move(minutes=5)) == 1


@pytest.mark.parametrize("mood", [Mood.BUSY, Mood.STRICT])
def test_a_refusing_server_is_asked_again_ever_later_and_then_no_more(
    app: Flask, postbox: Postbox, now: datetime, clock: Clock, mood: Mood
) -> None:
    with transaction():
        post(now)
    postbox.mood = mood
    for tried in range(1, MOST_TRIES + 1):
        assert deliver_due(now=clock()) == 1
        assert deliver_due(now=clock.move(seconds=60 * 2**tried - 1)) == 0, "too early"
        clock.move(seconds=1)
    postbox.mood = Mood.FINE
    assert deliver_due(now=clock.move(days=30)) == 0
    session.rollback()
    stored = session.scalars(select(OutboxMessage)).one()
    assert (stored.sent_at, stored.tries, stored.next_try_at) == (None, MOST_TRIES, None)
    assert mood[:3] in (stored.failure or "")
    assert "1 messages are due" in app.test_cli_runner().invoke(args=["mail", "again"]).output
    assert (deliver_due(now=clock()), len(postbox.mails)) == (1, 1)
    assert "0 messages are due" in app.test_cli_runner().invoke(args=["mail", "again"]).output


def test_a_server_that_comes_back_gets_the_mail_once(postbox: Postbox, now: datetime, clock: Clock) -> None:
    with transaction():
        post(now)
        post(now, to="wang@example.org")
    postbox.mood = Mood.BUSY
    assert deliver_due(now=now) == 2
    postbox.mood = Mood.FINE
    later = clock.move(minutes=2)
    assert [deliver_due(now=later, most=1) for _ in range(3)] == [1, 1, 0]
    assert deliver_due(now=clock.move(days=1)) == 0
    assert [mail["To"] for mail in postbox.mails] == ["li@example.org", "wang@example.org"]


def test_a_mail_that_cannot_be_written_keeps_none_of_the_others_back(postbox: Postbox, now: datetime) -> None:
    with transaction():
        post(now, to="li@example.org\nBcc: thief@example.org")
        post(now, to="wang@example.org")
    assert deliver_due(now=now) == 2
    assert [mail["To"] for mail in postbox.mails] == ["wang@example.org"]
    failures = session.scalars(select(OutboxMessage.failure).order_by(OutboxMessage.id)).all()
    assert [failure is None for failure in failures] == [False, True]


def test_a_jobs_process_killed_while_it_sends_loses_no_mail(
    postbox: Postbox, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", app.config["SMTP_URL"])
    monkeypatch.setenv("MAIL_FROM", app.config["MAIL_FROM"])
    started = system_clock()
    with transaction():
        post(started)
    postbox.mood = Mood.ASLEEP
    with jobs(Place(app.config["SQLALCHEMY_DATABASE_URI"], Path(app.config["DATA_FOLDER"]))) as process:
        assert postbox.knocked.wait(60)
        process.kill()
        process.wait()
    postbox.mood = Mood.FINE
    session.rollback()
    assert session.scalars(select(OutboxMessage.sent_at)).one() is None
    assert deliver_due(now=started + timedelta(minutes=5)) == 1
    assert deliver_due(now=started + timedelta(days=1)) == 0
    assert len(postbox.mails) == 1


@pytest.fixture
def locked_postbox(postbox: Postbox, tmp_path: Path) -> Postbox:
    """One that has a certificate of its own and wants to know who sends."""
    authority = trustme.CA()
    postbox.certificate, postbox.authority = tmp_path / "postbox.pem", tmp_path / "authority.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(postbox.certificate))
    authority.cert_pem.write_to_path(str(postbox.authority))
    return postbox


def knock(postbox: Postbox, app: Flask, monkeypatch: pytest.MonkeyPatch, hidden: Hidden) -> None:
    postbox.hidden, port = hidden, postbox.server_address[1]
    url = f"{hidden.partition(' ')[0]}://plat%40form:p%3Ass@127.0.0.1:{port}"
    monkeypatch.setitem(app.config, "SMTP_URL", url)


@pytest.mark.parametrize("hidden", [Hidden.ON_REQUEST, Hidden.FROM_THE_START])
def test_a_mail_goes_encrypted_wherever_the_server_can(
    locked_postbox: Postbox, app: Flask, now: datetime, hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    knock(locked_postbox, app, monkeypatch, hidden)
    monkeypatch.setenv("SSL_CERT_FILE", str(locked_postbox.authority))
    with transaction():
        post(now)
    assert deliver_due(now=now) == 1
    assert session.scalars(select(OutboxMessage.failure)).one() is None
    assert locked_postbox.signed_in == [["plat@form", "p:ss"]]
    assert locked_postbox.secret == [True]


def test_a_password_is_not_sent_in_the_clear(
    postbox: Postbox, app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    knock(postbox, app, monkeypatch, Hidden.NEVER)
    with transaction():
        post(now)
    assert deliver_due(now=now) == 1
    assert "offers no STARTTLS" in (session.scalars(select(OutboxMessage.failure)).one() or "")
    assert (postbox.signed_in, postbox.mails) == ([], [])


@pytest.mark.parametrize("hidden", [Hidden.ON_REQUEST, Hidden.FROM_THE_START])
def test_a_server_whose_certificate_nobody_vouches_for_is_told_neither_password_nor_mail(
    locked_postbox: Postbox, app: Flask, now: datetime, hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    knock(locked_postbox, app, monkeypatch, hidden)
    with transaction():
        post(now)
    assert deliver_due(now=now) == 1
    assert "CERTIFICATE_VERIFY_FAILED" in (session.scalars(select(OutboxMessage.failure)).one() or "")
    assert (locked_postbox.signed_in, locked_postbox.mails) == ([], [])


def test_without_smtp_messages_wait(app: Flask, now: datetime) -> None:
    with transaction():
        post(now)
    assert deliver_due(now=now) == 0
    assert session.scalars(select(OutboxMessage.tries)).one() == 0
