"""The scoreboard: rounds, and the ranked units of one with the parts of their scores."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Numeric, cast, func
from sqlalchemy.sql import nulls_last

from app.evaluation import queries
from app.evaluation.models import Computation, Result, Round, Scheme
from app.evaluation.permissions import ScoreboardPermission
from app.evaluation.queries import Last
from app.evaluation.rules.schemes import ANY_GROUP, Grade
from app.evaluation.rules.states import RoundState
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.figures import group_name, indicator_name
from app.evaluation.views.rules import read_or_none
from app.kernel.money import half_up
from app.organisations.models import EvaluationUnit, Organisation
from app.web.i18n import chinese, named
from app.web.labels import choices, label
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

ROUNDS = Listing(
    columns=(
        Column("year", _l("Year"), lambda r: str(r.Round.year), Round.year, lambda r: _address(r.Round)),
        Column("scheme", _l("Scheme"), lambda r: title(r.Scheme)),
        Column("code", _l("Scheme code"), lambda r: r.Scheme.code, figure="code"),
        Column("edition", _l("Edition"), lambda r: r.Scheme.edition, figure="number"),
        Column("state", _l("State"), lambda r: r.Round.state, Round.state),
        Column("trial", _l("Trial"), lambda r: r.Round.trial, Round.trial),
        Column("cut_off", _l("Cut-off for money"), lambda r: r.Round.cut_off, Round.cut_off),
        Column("as_of", _l("As of"), lambda r: r.computation.as_of if r.computation else None, Last.as_of),
        Column(
            "records",
            _l("Records"),
            lambda r: r.computation.records if r.computation else None,
            Last.records,
            figure="number",
        ),
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
    unit = row.EvaluationUnit
    return f"{named(row.Organisation)} · {unit.name}" if unit else named(row.Organisation)


def two_places(value: Any) -> Decimal | None:
    return None if value is None else half_up(Decimal(str(value)), Decimal("0.01"))


def points(code: str, row: Any) -> Decimal | None:
    """Nothing where the unit is not assessable: no bar is drawn for it."""
    if not row.Result.assessable:
        return None
    return two_places(next((p["points"] for p in row.Result.parts if p["code"] == code), None))


def stamps(round_: Round, scheme: Scheme, computation: Computation | None) -> tuple[Column, ...]:
    """What a file of results says in every row: of when it is, under which rules, and that it is no basis yet."""
    said: tuple[tuple[str, Any, Any], ...] = (
        ("year", _l("Year"), str(round_.year)),
        ("state", _l("State"), _standing(round_)),
        ("as_of", _l("As of"), computation.as_of if computation else None),
        ("scheme", _l("Scheme"), f"{title(scheme)} · {scheme.edition}"),
        ("input", _l("Digest of the inputs"), computation.input_digest if computation else ""),
    )
    return tuple(Column(name, head, _always(value)) for name, head, value in said)


def _standing(round_: Round) -> str:
    if round_.trial:
        return _("Trial calculation; it never becomes final, takes nothing and pays nothing")
    final = round_.state in (RoundState.FINAL, RoundState.CLOSED)
    return label(round_.state) if final else _("Provisional calculation; no basis for payment")


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _row: value


def board(round_: Round, scheme: Scheme, computation: Computation | None) -> Listing:
    """The ranked list with one column for each indicator of the scheme."""
    rules = read_or_none(scheme)
    parts = tuple(
        Column(one.code, indicator_name(one.code), partial(points, one.code), figure="number", chart="series")
        for one in (rules.indicators if rules else ())
    )
    groups = [*(group.key for group in rules.groups), ANY_GROUP] if rules else []
    return Listing(
        columns=(
            Column("rank", _l("Rank in the group"), lambda r: r.Result.rank, Result.rank, figure="number"),
            Column(
                "unit", _l("Unit"), unit_name, ByName(Organisation), lambda r: result_address(r.Result), chart="name"
            ),
            Column("group", _l("Group"), lambda r: group_name(scheme, r.Result.group), Result.group, chart="group"),
            *parts,
            Column("score", _l("Score"), lambda r: two_places(r.Result.score), _score(), figure="number"),
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
    before, present = row.earlier, row.Result.score
    return None if before is None or present is None else two_places(present - before)


def grade(row: Any) -> Grade | str:
    return Grade(row.Result.grade) if row.Result.grade else _("Not assessable")


def result_address(result: Result) -> str:
    return url_for("evaluation.result", result=result.public_id)


@blueprint.get("/evaluation", permission=ScoreboardPermission.VIEW)
def rounds() -> ResponseReturnValue:
    return ROUNDS.answer(queries.rounds(), "evaluation/rounds.html")
