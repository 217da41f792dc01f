"""The messages that left or wait to leave: for the operator, and openly on a demo machine."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, current_app
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from app.access import PUBLIC
from app.accounts.permissions import OutboxPermission
from app.accounts.rules.addresses import masked, read
from app.accounts.views.blueprint import blueprint
from app.infra.outbox import Channel, OutboxMessage
from app.web.labels import choices
from app.web.listing import Column, Empty, Filter, Listing


def _masked(address: str) -> str:
    """Enough to recognise whom it went to, and to call or write to nobody."""
    known = read(address)
    return masked(known) if known else "***"


def _to(words: str) -> ColumnElement[bool]:
    """By the whole address: who searched by parts of it could put it together."""
    known = read(words)
    return OutboxMessage.address == (known.text if known else words)


MESSAGES = Listing(
    columns=(
        Column("created", _l("Written"), lambda m: m.created_at, sort=OutboxMessage.created_at),
        Column("channel", _l("Channel"), lambda m: m.channel, sort=OutboxMessage.channel),
        Column("address", _l("To"), lambda m: _masked(m.address)),
        Column("subject", _l("Subject"), lambda m: m.whole(m.subject)),
        Column("body", _l("Text"), lambda m: m.whole(m.body)),
        Column("sent", _l("Sent"), lambda m: m.sent_at, sort=OutboxMessage.sent_at),
        Column("failure", _l("Failure"), lambda m: m.failure),
    ),
    order=(OutboxMessage.id.desc(),),
    search=_to,
    filters=(
        Filter(
            "channel", _l("Channel"), lambda: choices(Channel), lambda value: OutboxMessage.channel == Channel(value)
        ),
    ),
    empty=Empty(why=_l("No message has been written yet.")),
    file_name="outbox",
)
OPERATORS = replace(
    MESSAGES,
    columns=tuple(column for column in MESSAGES.columns if column.name not in {"subject", "body"}),
)


@blueprint.get("/operation/outbox", permission=OutboxPermission.VIEW)
def outbox() -> ResponseReturnValue:
    """Codes and links are for their receivers only: the operator sees that a message went, not what it says."""
    return OPERATORS.answer(select(OutboxMessage), "accounts/outbox.html")


@blueprint.get("/demo/outbox", permission=PUBLIC)
def demo_outbox() -> ResponseReturnValue:
    if not current_app.config["DEMO"]:
        abort(404)
    return MESSAGES.answer(select(OutboxMessage), "accounts/outbox.html")
