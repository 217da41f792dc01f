"""The menu as one literal table: a page appears to those, and only those, who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.access import PUBLIC
from app.access import Permission as P
from app.access.authority import may
from app.web.blueprint import permissions
from app.web.current import current_actor

FIND = _l("Find")
MINE = _l("Mine")
ORGANISATION = _l("Organisation")
OPERATOR = _l("Operator")
ADMINISTRATION = _l("Administration")


@dataclass(frozen=True)
class Entry:
    """One page: in which menu, under which words. Its permission is the one its route declares.

    `besides` narrows further: a page that many may open can belong in the menu of a few.
    """

    menu: LazyString
    label: LazyString
    endpoint: str
    icon: str
    besides: str = PUBLIC
    of_providers: bool = False  # an administrator of a body that only books has no use for it

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        return request.endpoint == self.endpoint

    def shown(self) -> bool:
        actor = current_actor()
        if self.of_providers and not actor.providers:
            return False
        return may(actor, permissions(current_app)[self.endpoint]) and may(actor, self.besides)


# In the order shown; entries of one menu stand together.
ENTRIES: tuple[Entry, ...] = (
    Entry(FIND, _l("Instruments and facilities"), "portal.find", "search"),
    Entry(FIND, _l("Institutions"), "organisations.institutions", "building-bank"),
    Entry(MINE, _l("My desk"), "portal.desk", "layout-dashboard"),
    Entry(MINE, _l("Bookings"), "booking.mine", "calendar-event"),
    Entry(MINE, _l("Approvals"), "booking.approvals", "checklist", of_providers=True),
    Entry(MINE, _l("Day timeline"), "booking.schedule", "timeline", of_providers=True),
    Entry(MINE, _l("Charges"), "billing.charges", "receipt-yuan"),
    Entry(MINE, _l("Service records"), "ledger.records", "clipboard-list"),
    Entry(MINE, _l("My organisations"), "organisations.mine", "building"),
    Entry(ORGANISATION, _l("Our instruments"), "catalogue.manage", "microscope", of_providers=True),
    Entry(ORGANISATION, _l("Bring a list in"), "catalogue.import_runs", "file-import", of_providers=True),
    Entry(ORGANISATION, _l("Bring past use in"), "ledger.history_runs", "history", of_providers=True),
    Entry(ORGANISATION, _l("Demand not met"), "booking.demand", "flag", P.INSTRUMENT_CHANGE, of_providers=True),
    Entry(
        ORGANISATION,
        _l("Yearly evaluation (provisional)"),
        "evaluation.own",
        "report-analytics",
        P.CHARGE_MARK,
        of_providers=True,
    ),
    Entry(OPERATOR, _l("Scoreboard"), "evaluation.rounds", "trophy"),
    Entry(OPERATOR, _l("Demand not met"), "booking.demand", "flag", P.SCOREBOARD_VIEW),
    Entry(OPERATOR, _l("Imported history to verify"), "ledger.history_checks", "history"),
    Entry(OPERATOR, _l("Applications of organisations"), "organisations.applications", "inbox"),
    Entry(OPERATOR, _l("Organisations"), "organisations.organisations", "building-community", P.SCOREBOARD_VIEW),
    Entry(OPERATOR, _l("People"), "organisations.people", "users"),
    Entry(OPERATOR, _l("Outbox"), "accounts.outbox", "mail"),
    Entry(ADMINISTRATION, _l("Operation"), "operation.overview", "gauge"),
    Entry(ADMINISTRATION, _l("Audit"), "accounts.audit", "shield-check"),
)

# Pages without arguments that need no entry, each with the reason.
EXCUSED: dict[str, str] = {
    "web.accessibility": "in the footer",
    "operation.healthz": "asked by machines",
    "operation.readyz": "asked by machines",
    "accounts.terms": "in the footer",
    "accounts.privacy": "in the footer",
    "accounts.sign_in": "a button in the header",
    "accounts.sign_up": "a button in the header",
    "accounts.verify": "follows signing up",
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
    "organisations.apply": "a button of the organisations' pages",
    "booking.schedule_feed": "read by the day timeline",
    "catalogue.create": "a button of the institution's list of instruments",
}


def menus() -> Iterator[tuple[str, list[Entry]]]:
    """(menu, its entries) for the present actor."""
    for menu, entries in groupby((e for e in ENTRIES if e.shown()), key=lambda entry: entry.menu):
        yield str(menu), list(entries)
