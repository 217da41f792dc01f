"""Signing up, proving an address, signing in, and finding back in: never telling who has an account."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.accounts.actions import UserAction
from app.accounts.models import CodePurpose, User, UserState
from app.accounts.queries import hashed, user_by_address
from app.accounts.rules import limits
from app.accounts.rules import passwords as rules
from app.accounts.rules.addresses import Address, AddressKind, read
from app.accounts.services import codes, consent, passwords, sessions, throttle
from app.audit import record
from app.infra.db import session
from app.kernel.errors import refuse, refuse_all
from app.notifications.services import tell
from app.notifications.texts import Notice


def address_of(typed: str) -> Address:
    address = read(typed)
    if address is None:
        raise refuse("address-invalid", "address")
    return address


def sign_up(name: str, address: Address, password: str, *, language: str, actor: Actor, now: datetime) -> str:
    """Note the person and send a code; returns what the same browser shows when it proves the address.

    An address that is taken gets a mail saying so, and the same answer here.
    """
    refuse_all(rules.faults(password, known=(name, address.text)))
    count_code(address, actor=actor, now=now)
    password_hash = passwords.hash_of(password)
    user = user_by_address(address)
    if user is not None and _is_verified(user, address):
        tell(codes.recipient(address, language=user.language), Notice.ALREADY_SIGNED_UP, now=now)
        return hashed(password_hash)
    if user is None:
        user = User(created_at=now, **{address.kind.value: address.text})
        session.add(user)
    user.name, user.password_hash, user.language = name, password_hash, language
    session.flush()
    person = Actor(user_id=user.id, address=actor.address)
    record(UserAction.SIGNED_UP, user, actor=person, now=now, after={"by": address.kind.value})
    consent.give(user.id, actor=person, now=now)
    codes.send(user, codes.VERIFY[address.kind], address, Notice.VERIFICATION_CODE, now=now)
    return hashed(password_hash)


def send_code_again(address: Address, *, actor: Actor, now: datetime) -> None:
    count_code(address, actor=actor, now=now)
    user = user_by_address(address)
    if user is not None and not _is_verified(user, address):
        codes.send(user, codes.VERIFY[address.kind], address, Notice.VERIFICATION_CODE, now=now)


def verify(address: Address, code: str, *, signed_up: str, agent: str, actor: Actor, now: datetime) -> tuple[User, str]:
    """The address is the person's own; signs in and returns the session's token.

    Only where the password was chosen that stands now: else whoever signs up with a stranger's address in between
    would have the stranger prove it for a password that is not the stranger's.
    """
    user = codes.redeem(user_by_address(address), codes.VERIFY[address.kind], address, code, now=now)
    if hashed(user.password_hash) != signed_up:
        raise refuse("code-wrong", "code")
    mark_verified(user, address, now=now)
    record(UserAction.VERIFIED, user, actor=Actor(user_id=user.id, address=actor.address), now=now)
    return user, sessions.begin(user, address=actor.address, agent=agent, now=now)


def sign_in(address: Address, password: str, *, agent: str, actor: Actor, now: datetime) -> tuple[User, str]:
    """Throttled by account, by network address and by both; refused in the same words whatever was wrong."""
    watched = {
        limits.SIGN_IN_PLACE: _place(address, actor),
        limits.SIGN_IN_ACCOUNT: address.text,
        limits.SIGN_IN_ADDRESS: actor.address,
    }
    throttle.take(*watched.items(), now=now)
    user = user_by_address(address)
    if not passwords.fits(user.password_hash if user else None, password) or user is None or not usable(user, address):
        raise refuse("sign-in-wrong")
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_of(password)
    throttle.clear(limits.SIGN_IN_PLACE, watched[limits.SIGN_IN_PLACE])
    for limit in (limits.SIGN_IN_ACCOUNT, limits.SIGN_IN_ADDRESS):
        throttle.give_back(limit, watched[limit])
    return user, sessions.begin(user, address=actor.address, agent=agent, now=now)


def forget_password(address: Address, *, actor: Actor, now: datetime) -> None:
    """Send a code to set a new password, if the address is known; the answer is the same if not."""
    count_code(address, actor=actor, now=now)
    user = user_by_address(address)
    if user is not None and _is_verified(user, address):
        codes.send(user, CodePurpose.RESET_PASSWORD, address, Notice.RESET_CODE, now=now)


def reset_password(address: Address, code: str, password: str, *, actor: Actor, now: datetime) -> None:
    """Set a new password by a code; every session ends."""
    refuse_all(rules.faults(password, known=(address.text,)))
    user = codes.redeem(user_by_address(address), CodePurpose.RESET_PASSWORD, address, code, now=now)
    user.password_hash = passwords.hash_of(password)
    sessions.end_all(user, now=now)
    throttle.clear(limits.SIGN_IN_PLACE, _place(address, actor))
    throttle.clear(limits.SIGN_IN_ACCOUNT, address.text)
    record(UserAction.PASSWORD_RESET, user, actor=Actor(user_id=user.id, address=actor.address), now=now)
    tell(codes.recipient(address, language=user.language, user_id=user.id), Notice.PASSWORD_CHANGED, now=now)


def mark_verified(user: User, address: Address, *, now: datetime) -> None:
    if address.kind is AddressKind.EMAIL:
        user.email, user.email_verified_at = address.text, now
    else:
        user.mobile, user.mobile_verified_at = address.text, now


def usable(user: User, address: Address) -> bool:
    """Whether the person may sign in by this address."""
    return user.state is UserState.ACTIVE and _is_verified(user, address)


def _place(address: Address, actor: Actor) -> str:
    return f"{address.text} {actor.address}"


def _is_verified(user: User, address: Address) -> bool:
    by_mail = address.kind is AddressKind.EMAIL
    return (user.email_verified_at if by_mail else user.mobile_verified_at) is not None


def count_code(address: Address, *, actor: Actor, now: datetime) -> None:
    """Codes cost money and patience: so many per address and per network address."""
    throttle.take((limits.CODE_ACCOUNT, address.text), (limits.CODE_ADDRESS, actor.address), now=now)
