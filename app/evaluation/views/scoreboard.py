"""The scoreboard: rounds, and the ranked units of one with the parts of their scores."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Numeric, cast, func, select
from sqlalchemy.sql import nulls_last

from app.evaluation import queries
from app.evaluation.models import Computation, Result, Round, RoundState, Scheme
from app.evaluation.permissions import RoundPermission, ScoreboardPermission
from app.evaluation.queries import Last
from app.evaluation.rules.indicators import IndicatorCode
from app.evaluation.rules.schemes import ANY_GROUP, Grade
from app.evaluation.services import rounds as services
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.figures import group_name
from app.evaluation.views.rules import told
from app.infra.db import session
from app.infra.tasks import Task, TaskState
from app.kernel.money import half_up
from app.organisations.models import EvaluationUnit, Organisation
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.i18n import chinese, named
from app.web.labels import choices, label
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

ROUNDS = Listing(
    columns=(
        Column("year", _l("Year"), lambda r: str(r[0].year), Round.year, lambda r: _address(r[0])),
        Column("scheme", _l("Scheme"), lambda r: title(r[1])),
        Column("code", _l("Scheme code"), lambda r: r[1].code, figure="code"),
        Column("edition", _l("Edition"), lambda r: r[1].edition, figure="number"),
        Column("state", _l("State"), lambda r: r[0].state, Round.state),
        Column("cut_off", _l("Cut-off for money"), lambda r: r[0].cut_off, Round.cut_off),
        Column("as_of", _l("As of"), lambda r: r[2].as_of if r[2] else None, Last.as_of),
        Column("records", _l("Records"), lambda r: r[2].records if r[2] else None, Last.records, figure="number"),
    ),
    order=(Round.year.desc(), Round.id.desc()),
    empty=Empty(
        _l("No round is open yet."), _l("A round applies a published scheme to one year: flask evaluation open.")
    ),
    file_name="rounds",
)


def _address(round_: Round) -> str:
    return url_for("evaluation.round_page", round_=round_.public_id)


def title(scheme: Scheme) -> str:
    return scheme.title if chinese() else scheme.title_en or scheme.title


def unit_name(row: Any) -> str:
    """A unit by its own name under that of its legal person."""
    return f"{named(row[1])} · {row[2].name}" if row[2] else named(row[1])


def two_places(value: Any) -> Decimal | None:
    return None if value is None else half_up(Decimal(str(value)), Decimal("0.01"))


def points(code: str, row: Any) -> Decimal | None:
    """Nothing where the unit is not assessable: no bar is drawn for it."""
    if not row[0].assessable:
        return None
    return two_places(next((p["points"] for p in row[0].parts if p["code"] == code), None))


def stamps(round_: Round, scheme: Scheme, computation: Computation | None) -> tuple[Column, ...]:
    """What a file of results says in every row: of when it is, under which rules, and that it is no basis yet."""
    final = round_.state is RoundState.FINAL
    said: tuple[tuple[str, Any, Any], ...] = (
        ("year", _l("Year"), str(round_.year)),
        ("state", _l("State"), round_.state if final else _("Provisional calculation; no basis for payment")),
        ("as_of", _l("As of"), computation.as_of if computation else None),
        ("scheme", _l("Scheme"), f"{title(scheme)} · {scheme.edition}"),
        ("input", _l("Digest of the inputs"), computation.input_digest if computation else ""),
    )
    return tuple(Column(name, head, _always(value)) for name, head, value in said)


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _row: value


def board(round_: Round, scheme: Scheme, computation: Computation | None) -> Listing:
    """The ranked list with one column for each indicator of the scheme."""
    parts = tuple(
        Column(code, label(IndicatorCode(code)), partial(points, code), figure="number", chart="series")
        for code in (i["code"] for i in scheme.document["indicators"])
    )
    groups = [*(g["key"] for g in scheme.document.get("groups", ())), ANY_GROUP]
    return Listing(
        columns=(
            Column("rank", _l("Rank in the group"), lambda r: r[0].rank, Result.rank, figure="number"),
            Column("unit", _l("Unit"), unit_name, ByName(Organisation), lambda r: result_address(r[0]), chart="name"),
            Column("group", _l("Group"), lambda r: group_name(scheme, r[0].group), Result.group),
            *parts,
            Column("score", _l("Score"), lambda r: two_places(r[0].score), _score(), figure="number"),
            Column("change", _l("Change on last year"), _change, figure="change"),
            Column("grade", _l("Grade"), grade),
        ),
        search=lambda words: contains(words, *both_names(Organisation), func.coalesce(EvaluationUnit.name, "")),
        filters=(
            Filter(
                "group",
                _l("Group"),
                lambda: [(key, group_name(scheme, key)) for key in groups],
                lambda v: Result.group == v,
            ),
            Filter("grade", _l("Grade"), lambda: choices(Grade), lambda v: Result.grade == v),
        ),
        order=(Result.group, nulls_last(Result.rank.asc()), Result.unit_key),
        empty=Empty(_l("No unit is assessed in this round yet."), _l("Have it computed first.")),
        file_name=f"scoreboard-{scheme.code}",
        stamps=stamps(round_, scheme, computation),
    )


def _score() -> Any:
    """Stored as exact text on SQLite, so compared as a number."""
    return cast(Result.score, Numeric(9, 2))


def _change(row: Any) -> Decimal | None:
    before, present = row[3], row[0].score
    return None if before is None or present is None else two_places(present - before)


def grade(row: Any) -> Grade | str:
    return Grade(row[0].grade) if row[0].grade else _("Not assessable")


def result_address(result: Result) -> str:
    return url_for("evaluation.result", result=result.public_id)


@blueprint.get("/evaluation", permission=ScoreboardPermission.VIEW)
def rounds() -> ResponseReturnValue:
    return ROUNDS.answer(queries.rounds(), "evaluation/rounds.html")


@blueprint.get("/evaluation/<uuid:round_>", permission=ScoreboardPermission.VIEW)
def round_page(round_: object) -> ResponseReturnValue:
    row, scheme, computation = queries.find_round(str(round_))
    ranking = queries.ranking(computation.id if computation else None, queries.year_before(row))
    page = {"round": row, "scheme": scheme, "computation": computation, "title": title(scheme), "rules": told(scheme)}
    return board(row, scheme, computation).answer(ranking, "evaluation/round.html", running=_running(row), **page)


def _running(round_: Round) -> Task | None:
    """A computation somebody has asked for and that is not done."""
    if round_.state is RoundState.FINAL:
        return None
    active = select(Task).where(Task.kind == services.COMPUTE, Task.state.in_([TaskState.WAITING, TaskState.RUNNING]))
    return next((task for task in session.scalars(active) if task.params["round"] == round_.id), None)


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
