"""Messages that leave only if their transaction committed: at least once, each with a stable id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, session
from app.infra.locks import locked

MOST_TRIES = 8


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"
    IN_APP = "in-app"


class OutboxMessage(PublicId, Base):
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


@dataclass(frozen=True)
class Letter:
    """A message on its way out, apart from its row."""

    id: int
    public_id: str
    channel: Channel
    address: str
    subject: str
    body: str
    created_at: datetime


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


def take_next(*, now: datetime) -> Letter | None:
    """The oldest message due, with its try counted and its next one set.

    The caller commits, sends and settles: a crash in between repeats the message with its id.
    """
    due = select(OutboxMessage).where(OutboxMessage.next_try_at <= now)
    row = session.scalars(locked(due.order_by(OutboxMessage.id).limit(1))).first()
    if row is None:
        return None
    row.tries += 1
    row.next_try_at = now + timedelta(minutes=2**row.tries)
    return Letter(row.id, row.public_id, row.channel, row.address, row.subject, row.body, row.created_at)


def settle(message_id: int, failure: str | None, *, now: datetime) -> None:
    """Note that the message went, or why not; after the last try it rests with its failure."""
    row = session.get_one(OutboxMessage, message_id)
    row.failure = failure
    if failure is None:
        row.sent_at, row.next_try_at = now, None
    elif row.tries >= MOST_TRIES:
        row.next_try_at = None


def try_again(*, now: datetime) -> int:
    """Make the messages that were given up due, with all their tries before them; how many."""
    given_up = OutboxMessage.sent_at.is_(None) & (OutboxMessage.tries >= MOST_TRIES)
    due = update(OutboxMessage).where(given_up, OutboxMessage.next_try_at.is_(None)).values(tries=0, next_try_at=now)
    return int(session.execute(due).rowcount)  # type: ignore[attr-defined]
