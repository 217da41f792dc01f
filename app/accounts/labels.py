"""Words for people, their sign-ins and tokens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.web.labels.badge import GOOD, REFUSED

LABELS = {
    "UserAction": {
        "user.signed-up": _l("Signed up"),
        "user.verified": _l("Proved an address"),
        "user.signed-in": _l("Signed in"),
        "user.signed-out": _l("Signed out"),
        "user.changed": _l("Changed the own data"),
        "user.password-changed": _l("Changed the password"),
        "user.password-reset": _l("Reset the password"),
        "user.consented": _l("Agreed to the documents"),
    },
    "TokenAction": {
        "token.created": _l("Made an API token"),
        "token.revoked": _l("Revoked an API token"),
    },
    "UserState": {"active": _l("Active"), "suspended": _l("Suspended")},
    "CodePurpose": {
        "verify-email": _l("Verify an e-mail address"),
        "verify-mobile": _l("Verify a mobile number"),
        "reset-password": _l("Reset the password"),
        "sign-in-link": _l("Sign-in link"),
    },
    "Document": {"terms": _l("Terms of use"), "privacy": _l("Privacy notice")},
    "AddressKind": {"email": _l("E-mail address"), "mobile": _l("Mobile number")},
}

BADGES = {"UserState": {"active": GOOD, "suspended": REFUSED}}

REFUSALS = {
    "address-invalid": _l("Enter an e-mail address or a Chinese mobile number of 11 digits."),
    "password-too-short": _l("The password needs at least %(shortest)s characters."),
    "password-too-long": _l("The password may have at most %(longest)s characters."),
    "password-too-easy": _l("This password is easy to guess; choose several words that only you would put together."),
    "password-tells-who": _l("The password must not contain your name or address."),
    "address-taken": _l("This address already has an account."),
    "old-password-wrong": _l("This is not your present password."),
    "sign-in-wrong": _l("Address and password do not fit together, or the address has not been confirmed yet."),
    "code-wrong": _l("This code is wrong or no longer good. Check it, or ask for a new one."),
    "too-many-attempts": _l("Too many attempts. Try again in %(minutes)s."),
    "token-scopes": _l("Choose at least one of the offered rights."),
    "token-life": _l("A token is good for one to %(most_days)s days."),
}
