"""Telling somebody something: one function for every feature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.infra import outbox
from app.infra.outbox import HIDDEN, Channel
from app.notifications.texts import Notice, written


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a person is reached, and in which language."""

    channel: Channel
    address: str
    language: str = "zh_CN"
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A code or link for the receiver alone: kept apart from the text, and no longer than it is good."""

    text: str
    until: datetime


def tell(to: Recipient, notice: Notice, *, now: datetime, secret: Secret | None = None, **params: Any) -> None:
    """Put the message into the outbox; it leaves if, and only if, this transaction commits."""
    hidden = {} if secret is None else {"secret": HIDDEN}
    subject, body = written(notice, to.language, {**params, **hidden})
    kept = (None, None) if secret is None else (secret.text, secret.until)
    outbox.post(outbox.Message(to.channel, to.address, subject, body, to.user_id, *kept), now=now)
