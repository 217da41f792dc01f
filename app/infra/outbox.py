"""Messages that leave only if their transaction committed: at least once, each with a stable id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ForeignKey, Integer, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, session
from app.infra.locks import locked

MOST_TRIES = 8
HIDDEN = "••••••"  # stands in a text where its secret is filled in when it is sent


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"
    IN_APP = "in-app"


class OutboxMessage(PublicId, Base):
    """One message to one address; `public_id` goes along so that a receiver can drop a repeat.

    A code or link stands in `secret` alone, and only until it has been sent or is good no longer; the digest of the
    whole text stays.
    """

    __tablename__ = "outbox_messages"

    channel: Mapped[Channel]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    secret: Mapped[str | None]
    secret_until: Mapped[datetime | None] = mapped_column(index=True)
    digest: Mapped[str | None]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    failure: Mapped[str | None]

    def whole(self, text: str) -> str:
        """`text` with the secret, as long as there is one."""
        return text if self.secret is None else text.replace(HIDDEN, self.secret)


@dataclass(frozen=True)
class Message:
    """`secret` is what HIDDEN stands for in subject and body, good until `secret_until`."""

    channel: Channel
    address: str
    subject: str
    body: str
    user_id: int | None = None
    secret: str | None = None
    secret_until: datetime | None = None


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
    row = OutboxMessage(
        channel=message.channel,
        user_id=message.user_id,
        address=message.address,
        subject=message.subject,
        body=message.body,
        secret=message.secret,
        secret_until=message.secret_until,
        created_at=now,
        next_try_at=None if message.channel is Channel.IN_APP else now,
    )
    row.digest = sha256(f"{row.whole(row.subject)}\n{row.whole(row.body)}".encode()).hexdigest()
    session.add(row)


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
    return Letter(row.id, row.public_id, row.channel, row.address, *_texts(row), row.created_at)


def _texts(row: OutboxMessage) -> tuple[str, str]:
    """Subject and body as they are sent; a subject stays one line."""
    return " ".join(row.whole(row.subject).split()), row.whole(row.body)


def settle(message_id: int, failure: str | None, *, now: datetime) -> None:
    """Note that the message went, or why not; after the last try it rests with its failure."""
    row = session.get_one(OutboxMessage, message_id)
    row.failure = failure
    if failure is None:
        row.sent_at, row.next_try_at, row.secret = now, None, None
    elif row.tries >= MOST_TRIES:
        row.next_try_at = None


def try_again(*, now: datetime) -> int:
    """Make the messages that were given up due, with all their tries before them; how many.

    One whose code or link is gone has nothing left to say.
    """
    whole = OutboxMessage.secret_until.is_(None) | OutboxMessage.secret.is_not(None)
    given_up = OutboxMessage.sent_at.is_(None) & (OutboxMessage.tries >= MOST_TRIES) & whole
    due = update(OutboxMessage).where(given_up, OutboxMessage.next_try_at.is_(None)).values(tries=0, next_try_at=now)
    return int(session.execute(due).rowcount)  # type: ignore[attr-defined]


def forget_secrets(*, now: datetime) -> int:
    """Erase the codes and links that are good no longer, and send them no more; how many."""
    over = OutboxMessage.secret.is_not(None) & (OutboxMessage.secret_until <= now)
    erased = session.execute(update(OutboxMessage).where(over).values(secret=None, next_try_at=None))
    return int(erased.rowcount)  # type: ignore[attr-defined]
