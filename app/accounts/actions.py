"""What the audit records of accounts."""

from __future__ import annotations

from app.audit.actions import Action


class UserAction(Action):
    SIGNED_UP = "user.signed-up"
    VERIFIED = "user.verified"
    SIGNED_IN = "user.signed-in"
    SIGNED_OUT = "user.signed-out"
    CHANGED = "user.changed"
    PASSWORD_CHANGED = "user.password-changed"
    PASSWORD_RESET = "user.password-reset"
    CONSENTED = "user.consented"


class TokenAction(Action):
    CREATED = "token.created"
    REVOKED = "token.revoked"
