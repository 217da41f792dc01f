"""Storing and checking passwords with Argon2id."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.infra.settings import setting


def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=setting("ARGON2_TIME_COST"), memory_cost=setting("ARGON2_MEMORY_KIB"), parallelism=1
    )


def hash_of(password: str) -> str:
    return _hasher().hash(password)


@cache
def _nobodys(time_cost: int, memory_cost: int) -> str:
    """Verified against when there is no such account; made once, or unknown accounts would take twice as long."""
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1).hash("nobody")


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; takes the same time when there is no hash."""
    hasher = _hasher()
    stored = password_hash or _nobodys(hasher.time_cost, hasher.memory_cost)
    try:
        hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    return _hasher().check_needs_rehash(password_hash)
