"""Messages that leave only if their transaction committed: at least once, each with a stable id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, select
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, Row, session
from app.infra.locks import locked

MOST_TRIES = 8


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"
    IN_APP = "in-app"


class OutboxMessage(Row, Base):
    """One message to one address; `public_id` goes along so that a receiver can drop a repeat."""

    __tablename__ = "outbox_messages"

    channel: Mapped[Channel]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    failure: Mapped[str | None]


@dataclass(frozen=True)
class Message:
    channel: Channel
    address: str
    subject: str
    body: str
    user_id: int | None = None


def post(message: Message, *, now: datetime) -> None:
    session.add(
        OutboxMessage(
            channel=message.channel,
            user_id=message.user_id,
            address=message.address,
            subject=message.subject,
            body=message.body,
            created_at=now,
            next_try_at=None if message.channel is Channel.IN_APP else now,
        )
    )


def deliver_next(send: Callable[[OutboxMessage], None], *, now: datetime) -> bool:
    """Send the oldest due message and mark it; False when none is due.

    The mark commits after the sending, so a crash in between repeats the message with its id.
    """
    due = select(OutboxMessage).where(OutboxMessage.next_try_at <= now).order_by(OutboxMessage.id).limit(1)
    message = session.scalars(locked(due)).first()
    if message is None:
        return False
    message.tries += 1
    try:
        send(message)
    except OSError as error:  # smtplib's errors are OSErrors
        message.failure = f"{type(error).__name__}: {error}"[:500]
        wait = timedelta(minutes=2**message.tries)
        message.next_try_at = now + wait if message.tries < MOST_TRIES else None
    else:
        message.sent_at, message.next_try_at, message.failure = now, None, None
    return True
