"""Results of the yearly evaluation for programs."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.api import ApiBlueprint
from app.api.blueprint import ApiResponse
from app.api.paging import Paged, page
from app.api.schemas import Answer, Instant, Listed, PublicId
from app.evaluation import queries
from app.evaluation.models import Result
from app.evaluation.permissions import ResultPermission
from app.evaluation.rules.schemes import Grade
from app.evaluation.rules.states import RoundState
from app.web.current import current_actor

api = ApiBlueprint("evaluation_api", __name__)


class IndicatorScoreOut(Answer):
    """Numbers are decimal text, so that nothing is lost on the way."""

    code: str
    value: str
    target: str | None
    weight: str
    points: str
    records: int
    note: str | None


class ResultOut(Answer):
    id: PublicId
    year: int
    scheme: str
    edition: int
    suggested: bool
    trial: bool
    state: RoundState
    unit: PublicId
    unit_name: str
    provider: PublicId
    group: str
    score: str | None
    grade: Grade | None
    rank: int | None
    parts: list[IndicatorScoreOut]
    as_of: Instant
    final: bool
    input_digest: str
    result_digest: str


class ResultList(Listed):
    items: list[ResultOut]


def _serialize_result(row: Any) -> ResultOut:
    result, organisation, unit, computation, round_, scheme = row
    return ResultOut(
        id=result.public_id,
        year=round_.year,
        scheme=scheme.code,
        edition=scheme.edition,
        suggested=scheme.suggested,
        trial=round_.trial,
        state=round_.state,
        unit=result.unit_key,
        unit_name=unit.name if unit else organisation.name,
        provider=organisation.public_id,
        group=result.group,
        score=None if result.score is None else f"{result.score:.2f}",
        grade=result.grade,
        rank=result.rank,
        parts=[IndicatorScoreOut(**part) for part in result.parts],
        as_of=computation.as_of,
        final=computation.final,
        input_digest=computation.input_digest,
        result_digest=computation.result_digest,
    )


@api.operation(
    "GET",
    "/results",
    permission=ResultPermission.VIEW,
    summary=_l("The newest evaluation result of each unit and year the owner of the token may see"),
    answer=ResultList,
    query=Paged,
)
def results(query: Paged) -> ApiResponse:
    rows, following = page(queries.results_visible(current_actor()), Result, query)
    return ApiResponse(ResultList(items=[_serialize_result(row) for row in rows], next=following))


@api.operation(
    "GET",
    "/results/<uuid:result>",
    permission=ResultPermission.VIEW,
    summary=_l("One evaluation result with the parts of its score"),
    answer=ResultOut,
)
def result(result: str) -> ApiResponse:
    return ApiResponse(_serialize_result(queries.find_result(result, actor=current_actor())))
