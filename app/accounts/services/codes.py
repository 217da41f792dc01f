"""Six-digit codes sent to an address to prove that it is one's own."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

from sqlalchemy import select, update

from app.accounts.models import CodePurpose, OneTimeCode, User
from app.accounts.queries import hashed
from app.accounts.rules.addresses import Address, AddressKind
from app.accounts.rules.limits import CODE_LIFE, CODE_TRIES
from app.infra.db import session
from app.infra.locks import locked
from app.infra.outbox import Channel
from app.infra.transactions import commit_first
from app.kernel.errors import refuse
from app.notifications.services import Recipient, Secret, tell
from app.notifications.texts import Notice

VERIFY = {AddressKind.EMAIL: CodePurpose.VERIFY_EMAIL, AddressKind.MOBILE: CodePurpose.VERIFY_MOBILE}
_CHANNEL = {AddressKind.EMAIL: Channel.MAIL, AddressKind.MOBILE: Channel.SMS}


def recipient(address: Address, *, language: str, user_id: int | None = None) -> Recipient:
    return Recipient(_CHANNEL[address.kind], address.text, language, user_id)


def send(user: User, purpose: CodePurpose, to: Address, notice: Notice, *, now: datetime) -> None:
    """A fresh code; earlier ones for the same purpose stop working."""
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.user_id == user.id, OneTimeCode.purpose == purpose, OneTimeCode.used_at.is_(None))
        .values(used_at=now)
    )
    code = f"{secrets.randbelow(10**6):06d}"
    session.add(
        OneTimeCode(
            user_id=user.id,
            purpose=purpose,
            secret_hash=_bound(user, code),
            sent_to=to.text,
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    secret = Secret(code, now + CODE_LIFE)
    minutes = int(CODE_LIFE.total_seconds() // 60)
    tell(recipient(to, language=user.language, user_id=user.id), notice, now=now, secret=secret, minutes=minutes)


def redeem(user: User | None, purpose: CodePurpose, to: Address, code: str, *, now: datetime) -> User:
    """Use the code up and return whose it was; wrong, old, used or nobody's are refused in the same words."""
    code_id = commit_first(lambda: _take_try(user.id, purpose, to, now)) if user else None
    if user is None or code_id is None:
        raise refuse("code-wrong", "code")
    found = session.scalars(locked(select(OneTimeCode).where(OneTimeCode.id == code_id))).one()
    if found.used_at is not None or not hmac.compare_digest(found.secret_hash, _bound(user, code)):
        raise refuse("code-wrong", "code")
    found.used_at = now
    return user


def _take_try(user_id: int, purpose: CodePurpose, to: Address, now: datetime) -> int | None:
    """Count a try of the live code before it is compared, so that no two at the same moment are one; its key."""
    live = (
        select(OneTimeCode.id)
        .where(
            OneTimeCode.user_id == user_id,
            OneTimeCode.purpose == purpose,
            OneTimeCode.sent_to == to.text,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    row = session.scalars(locked(select(OneTimeCode).where(OneTimeCode.id == live.scalar_subquery()))).first()
    if row is None or row.tries >= CODE_TRIES:
        return None
    row.tries += 1
    return row.id


def _bound(user: User, code: str) -> str:
    return hashed(f"{user.public_id}:{code}")
