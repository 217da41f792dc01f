"""People, sign-in, tokens, the audit and the outbox as pages: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts import labels, permissions, views
from app.accounts.actions import TokenAction, UserAction
from app.accounts.views import account, login
from app.infra.feature import Feature
from app.web.i18n import LanguageChosen
from app.web.menu import ADMINISTRATION, OPERATOR, Entry

FEATURE = Feature(
    name="accounts",
    blueprints=(views.blueprint,),
    policy=permissions.POLICY,
    actions=(
        UserAction,
        TokenAction,
    ),
    labels=labels,
    menu=(
        Entry(OPERATOR, _l("Outbox"), "accounts.outbox", "mail", 210),
        Entry(ADMINISTRATION, _l("Audit"), "accounts.audit", "shield-check", 230),
    ),
    excused={
        "accounts.terms": "in the footer",
        "accounts.privacy": "in the footer",
        "accounts.sign_in": "a button in the header",
        "accounts.sign_up": "a button in the header",
        "accounts.verify": "follows signing up",
        "accounts.send_link": "a link of the sign-in page",
        "accounts.forgot_password": "a link of the sign-in page",
        "accounts.reset_password": "follows a forgotten password",
        "accounts.consent": "asked before anything else when a document changes",
        "accounts.account": "in the person's own menu",
        "accounts.own_sessions": "in the person's own menu",
        "accounts.own_tokens": "in the person's own menu",
        "accounts.password": "a button of the account page",
        "accounts.change_address": "a button of the account page",
        "accounts.confirm_address": "follows a new address",
        "accounts.demo_outbox": "a link of the pages that send a code, on demo machines only",
    },
    listeners=((LanguageChosen, account.keep_language),),
    prepare=login.init_app,
)
