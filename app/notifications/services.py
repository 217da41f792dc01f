"""Telling somebody something: one function for every feature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.infra import outbox
from app.infra.outbox import Channel
from app.notifications.texts import Notice, written


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a person is reached, and in which language."""

    channel: Channel
    address: str
    language: str = "zh_CN"
    user_id: int | None = None


def tell(to: Recipient, notice: Notice, *, now: datetime, **params: Any) -> None:
    """Put the message into the outbox; it leaves if, and only if, this transaction commits."""
    subject, body = written(notice, to.language, params)
    outbox.post(outbox.Message(to.channel, to.address, subject, body, to.user_id), now=now)
