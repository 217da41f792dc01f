"""How often something may be tried, and how long a proof stays good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.errors import DomainError, Refusal

CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
SEEN_AT_MOST_EVERY = timedelta(minutes=1)
LONGEST_TOKEN_LIFE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within `window` for one subject."""

    name: str
    most: int
    window: timedelta


# From one place an account can be guessed at slowly; a stranger elsewhere leaves its owner the own tries. The sum of
# all places stops whoever has many, a campus behind one address must still get in.
SIGN_IN_PLACE = Limit("sign-in-place", 5, timedelta(minutes=15))
SIGN_IN_ACCOUNT = Limit("sign-in-account", 40, timedelta(minutes=15))
SIGN_IN_ADDRESS = Limit("sign-in-address", 50, timedelta(minutes=15))
OLD_PASSWORD = Limit("old-password", 5, timedelta(minutes=15))  # of an open session that is not one's own
CODE_ACCOUNT = Limit("code-account", 5, timedelta(hours=1))
# A link cannot be guessed. It is good as long as its limit counts: who used the limit up has sent the owner links.
LINK_LIFE = timedelta(hours=1)
LINK_ACCOUNT = Limit("link-account", 5, LINK_LIFE)
CODE_ADDRESS = Limit("code-address", 30, timedelta(hours=1))


class TooManyAttempts(DomainError):
    """The limit of an account or a network address is used up for a while."""

    status = 429

    def __init__(self, until: datetime, *, now: datetime) -> None:
        super().__init__("too many attempts")
        self.retry_after = max(1, int((until - now).total_seconds()))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return (Refusal("too-many-attempts", {"minutes": -(-self.retry_after // 60)}),)


def session_is_over(
    created_at: datetime, last_seen_at: datetime, *, idle: timedelta, absolute: timedelta, now: datetime
) -> bool:
    return now >= last_seen_at + idle or now >= created_at + absolute
