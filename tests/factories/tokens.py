"""Bearer tokens as the account page makes them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.access.permissions import SCOPES
from app.accounts.models import User
from app.accounts.services import tokens
from app.infra.transactions import transaction
from tests.factories.actors import acting


def bearer(user: User, *scopes: str, now: datetime) -> dict[str, str]:
    """The Authorization header of a token with these scopes; with none, with all."""
    with transaction():
        wanted = scopes or SCOPES
        _row, secret = tokens.create("test", wanted, timedelta(days=30), user_id=user.id, actor=acting(user), now=now)
    return {"Authorization": f"Bearer {secret}"}
