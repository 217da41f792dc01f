"""The page of a round: its scoreboard, its acts, and what people can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.evaluation import queries
from app.evaluation.forms import CloseForm, FinalForm
from app.evaluation.models import Computation, Round, Scheme
from app.evaluation.permissions import RoundPermission, ScoreboardPermission
from app.evaluation.rules.states import RoundState
from app.evaluation.services import acts
from app.evaluation.services import rounds as services
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.figures import plain
from app.evaluation.views.rules import read_or_none, rules_of
from app.evaluation.views.scoreboard import board, title
from app.kernel.civil import civil_day
from app.kernel.errors import Refusal
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.labels import label, message


@dataclass(frozen=True, slots=True)
class GradeMark:
    """Where a grade begins, drawn across the bars."""

    name: str
    points: str


def grade_marks(scheme: Scheme) -> list[GradeMark]:
    rules = read_or_none(scheme)
    return [GradeMark(label(line.grade), plain(line.least)) for line in (rules.grades if rules else ()) if line.least]


@blueprint.get("/evaluation/<uuid:round_>", permission=ScoreboardPermission.VIEW)
def round_page(round_: object) -> ResponseReturnValue:
    return show_round(str(round_), CloseForm(prefix="close"), FinalForm(prefix="final"))


def show_round(public_id: str, close: CloseForm, final: FinalForm) -> ResponseReturnValue:
    row, scheme, computation = queries.find_round(public_id)
    ranking = queries.ranking(computation.id if computation else None, queries.year_before(row))
    if computation:
        final.computation.data = computation.public_id
    page = {
        "round": row,
        "scheme": scheme,
        "computation": computation,
        "title": title(scheme),
        "rules": rules_of(scheme),
        "marks": grade_marks(scheme),
        "acts": queries.acts_of(row),
        "running": queries.running_task(row),
        "failure": failure_in_words(queries.failure_of(row, computation)),
        "close": close,
        "final": final,
        "ready": is_ready(row, computation),
    }
    status = max(close.status, final.status)
    return board(row, scheme, computation).answer(ranking, "evaluation/round.html", status, **page)


def is_ready(round_: Round, computation: Computation | None) -> bool:
    """Whether a person could make it final now."""
    provisional = round_.state is RoundState.PROVISIONAL and not round_.trial
    return provisional and computation is not None and civil_day(computation.as_of) > round_.cut_off


def failure_in_words(failure: Mapping[str, Any] | None) -> list[str]:
    """Why the last try to compute the round, or to make it final, came to nothing."""
    if failure is None:
        return []
    said = [message(Refusal(one["code"], one["params"])) for one in failure.get("refusals", ())]
    return said or [_("There is a defect (%(kind)s); the log says more.", kind=failure.get("defect", ""))]


@blueprint.post("/evaluation/<uuid:round_>/compute", permission=RoundPermission.COMPUTE)
def compute(round_: object) -> ResponseReturnValue:
    form = Form()
    if form.validate():
        with form.taking_refusals():
            services.ask(str(round_), actor=current_actor(), now=now())
            flash(_("The round is being computed; the figures appear here when that is done."), "success")
    for _id, words in form.summary():
        flash(words, "danger")
    return redirect(url_for("evaluation.round_page", round_=round_))


@blueprint.post("/evaluation/<uuid:round_>/close", permission=RoundPermission.DECIDE)
def close(round_: object) -> ResponseReturnValue:
    form = CloseForm(prefix="close")
    if form.validate():
        with form.taking_refusals():
            acts.close(str(round_), form.reason.data or "", actor=current_actor(), now=now())
            flash(_("The round is closed."), "success")
            return redirect(url_for("evaluation.round_page", round_=round_))
    return show_round(str(round_), form, FinalForm(None, prefix="final"))


@blueprint.post("/evaluation/<uuid:round_>/finalise", permission=RoundPermission.DECIDE)
def finalise(round_: object) -> ResponseReturnValue:
    form = FinalForm(prefix="final")
    if form.validate():
        reason, looked_at = form.reason.data or "", form.computation.data or ""
        with form.taking_refusals():
            acts.ask_final(str(round_), looked_at, reason, actor=current_actor(), now=now())
            flash(_("The figures are being verified; then the round becomes final."), "success")
            return redirect(url_for("evaluation.round_page", round_=round_))
    return show_round(str(round_), CloseForm(None, prefix="close"), form)
