"""The first screen after signing in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.access import SIGNED_IN
from app.access.authority import may
from app.billing.rules import PaymentState
from app.booking.permissions import SchedulePermission
from app.booking.rules.states import BookingState
from app.evaluation.views.scoreboard import grade, result_address, title, two_places, unit_name
from app.portal import desk as queries
from app.portal.views.blueprint import blueprint
from app.web.current import current_actor, now

# What each errand is called, its icon, and how the list it leads to is narrowed.
_WAITING_TASKS: Mapping[str, tuple[LazyString, str, dict[str, Any]]] = {
    "booking.approvals": (_l("Requests to decide"), "checklist", {}),
    "booking.bookings": (_l("Services to confirm and rate"), "star", {"state": BookingState.ENDED.value}),
    "billing.charges": (_l("Charges to invoice"), "file-invoice", {"state": PaymentState.OPEN.value}),
    "ledger.history_runs": (_l("Imported past use to attest"), "shield-check", {}),
    "organisations.applications": (_l("Applications to decide"), "inbox", {}),
    "ledger.history_checks": (_l("Imported past use to verify"), "history", {}),
}


@blueprint.get("/desk", permission=SIGNED_IN)
def desk() -> ResponseReturnValue:
    actor = current_actor()
    waiting_tasks = []
    for one in queries.waiting_tasks(actor):
        words, icon, narrowed = _WAITING_TASKS[one.endpoint]
        waiting_tasks.append((url_for(one.endpoint, **narrowed), words, icon, one.waiting))
    return render_template(
        "portal/desk.html",
        waiting_tasks=waiting_tasks,
        coming=queries.coming(actor, now=now()),
        staff_day=queries.staff_day(actor, now=now())
        if actor.providers and may(actor, SchedulePermission.MANAGE)
        else None,
        rounds=[
            (url_for("evaluation.round_page", round_=row[0].public_id), title(row[1]), *row)
            for row in queries.rounds(actor)
        ],
        scores=[
            (result_address(row[0]), unit_name(row), grade(row), two_places(row[0].score), row[3], row[4])
            for row in queries.scores(actor)
        ],
    )
