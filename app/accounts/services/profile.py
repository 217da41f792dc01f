"""A person's own data: name, language, addresses, password."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.accounts.actions import UserAction
from app.accounts.models import User
from app.accounts.queries import user_by_address, user_by_id
from app.accounts.rules import limits
from app.accounts.rules import passwords as rules
from app.accounts.rules.addresses import Address, AddressKind
from app.accounts.services import authentication, codes, passwords, sessions, throttle
from app.audit import changes, record
from app.infra.db import session
from app.infra.locks import require_version
from app.kernel.errors import Forbidden, refuse, refuse_all
from app.notifications.services import Recipient, tell
from app.notifications.texts import Notice


def change(name: str, language: str, *, version: int | None, actor: Actor, now: datetime) -> None:
    user = _self(actor)
    require_version(user, version)
    before, _after = changes(user, name=name, language=language)
    session.flush()
    # Which fields, not what they say: the audit holds no personal data.
    record(UserAction.CHANGED, user, actor=actor, now=now, after={"fields": sorted(before)})


def keep_language(user_id: int, language: str, *, actor: Actor, now: datetime) -> None:
    """The language chosen in the header is also that of mails and other devices."""
    user = user_by_id(user_id)
    if user.language == language:
        return
    before, after = changes(user, language=language)
    record(UserAction.CHANGED, user, actor=actor, now=now, before=before, after=after)


def change_password(old: str, new: str, *, session_id: int | None, actor: Actor, now: datetime) -> None:
    """Needs the old one; all other sessions end."""
    throttle.take((limits.OLD_PASSWORD, actor.key), now=now)
    user = _self(actor)
    if not passwords.fits(user.password_hash, old):
        raise refuse("old-password-wrong", "old_password")
    throttle.clear(limits.OLD_PASSWORD, actor.key)
    refuse_all(rules.faults(new, known=(user.name, user.email or "", user.mobile or "")))
    user.password_hash = passwords.hash_of(new)
    sessions.end_all(user, but=session_id, now=now)
    record(UserAction.PASSWORD_CHANGED, user, actor=actor, now=now)
    tell(recipient_of(user), Notice.PASSWORD_CHANGED, now=now)


def start_address_change(address: Address, *, actor: Actor, now: datetime) -> None:
    """Send a code to the new address; it becomes the person's own only by the code."""
    authentication.count_code(address, actor=actor, now=now)
    user = _self(actor)
    if user_by_address(address) is None:
        codes.send(user, codes.VERIFY[address.kind], address, Notice.VERIFICATION_CODE, now=now)


def finish_address_change(address: Address, code: str, *, actor: Actor, now: datetime) -> None:
    user = _self(actor)
    codes.redeem(user, codes.VERIFY[address.kind], address, code, now=now)
    if user_by_address(address) is not None:
        raise refuse("code-wrong", "code")
    if (replaced := _proved(user, address.kind)) is not None:
        tell(codes.recipient(replaced, language=user.language, user_id=user.id), Notice.ADDRESS_CHANGED, now=now)
    authentication.mark_verified(user, address, now=now)
    session.flush()
    record(UserAction.CHANGED, user, actor=actor, now=now, after={"fields": [address.kind.value]})


def recipient_of(user: User) -> Recipient:
    """Where, and in which language, a person is told something."""
    return codes.recipient(main_address(user), language=user.language, user_id=user.id)


def main_address(user: User) -> Address:
    """The proved mail address, else the mobile number."""
    if user.email and user.email_verified_at:
        return Address(AddressKind.EMAIL, user.email)
    if user.mobile:
        return Address(AddressKind.MOBILE, user.mobile)
    return Address(AddressKind.EMAIL, user.email or "")


def _proved(user: User, kind: AddressKind) -> Address | None:
    """The address of this kind that the person has proved."""
    by_mail = kind is AddressKind.EMAIL
    known, since = (user.email, user.email_verified_at) if by_mail else (user.mobile, user.mobile_verified_at)
    return Address(kind, known) if known and since else None


def _self(actor: Actor) -> User:
    if actor.user_id is None:
        raise Forbidden("nobody has a profile")
    return user_by_id(actor.user_id)
