"""Storing and checking passwords with Argon2id."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.infra.settings import setting

# Verified against when there is no such account, so that the answer takes as long.
_NOBODY: dict[tuple[int, int], str] = {}


def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=setting("ARGON2_TIME_COST"), memory_cost=setting("ARGON2_MEMORY_KIB"), parallelism=1
    )


def hash_of(password: str) -> str:
    return _hasher().hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; takes the same time when there is no hash."""
    hasher = _hasher()
    stored = password_hash or _NOBODY.setdefault((hasher.time_cost, hasher.memory_cost), hasher.hash("nobody"))
    try:
        hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    return _hasher().check_needs_rehash(password_hash)
