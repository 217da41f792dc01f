"""Instruments for programs: list, one, create, change."""

from __future__ import annotations

from typing import Annotated, Any

from flask_babel import lazy_gettext as _l
from pydantic import Field
from sqlalchemy import select

from app.access import PUBLIC
from app.api import ApiBlueprint
from app.api.blueprint import BASE, ApiResponse
from app.api.operations import Versions
from app.api.paging import Paged, page
from app.api.schemas import (
    ONE_LINE,
    STORABLE,
    STORED,
    Amount,
    Answer,
    Body,
    Day,
    Line,
    Listed,
    Name,
    Number,
    PublicId,
)
from app.catalogue import queries
from app.catalogue.models import AssetKind, Instrument, InstrumentState, ServiceMode
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.rules.national import CUSTOMS_DECLARATION, MOST_SUBJECTS
from app.catalogue.rules.words import Origin, ShareMode
from app.catalogue.services import instruments as services
from app.infra.db import session
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.organisations.models import EvaluationUnit, Organisation
from app.web.current import current_actor, now

api = ApiBlueprint("catalogue_api", __name__)

Worth = Annotated[int, Field(ge=0, le=10**15, description="whole fen")]
Unit = Annotated[
    PublicId | None,
    Field(description="as in the address of the unit's page; null where the institution is scored as a whole"),
]


class InstrumentOut(Answer):
    id: PublicId
    provider: PublicId
    evaluation_unit: Unit
    state: InstrumentState
    asset_kind: AssetKind
    inner_id: str
    national_number: str
    name: str
    name_en: str
    class_code: str | None
    special: bool
    share_mode: ShareMode
    origin: Origin
    original_value_fen: Amount | None
    funds: str
    nation: str
    maker: str
    model: str
    began_on: Day | None
    owning_unit: str
    modes: list[ServiceMode]
    fields: list[str]
    subjects: list[str]
    technical: str
    functions: str
    service_content: str
    achievements: str
    requirements: str
    fee_text: str
    service_url: str
    town: str
    address: str
    postcode: str
    contact: str
    phone: str
    email: str
    customs_supervised: bool
    places: int
    grid_minutes: int
    min_minutes: int
    max_minutes: int
    needs_approval: bool
    version: int


class InstrumentList(Listed):
    items: list[InstrumentOut]


class InstrumentQuery(Paged):
    q: Annotated[str, Field(max_length=100)] = ""


# Lengths of the national platform.
Text6 = Annotated[str, Field(max_length=6), STORABLE, STORED] | None
Text20 = Annotated[str, Field(max_length=20), STORABLE, STORED] | None
Text40 = Annotated[str, Field(max_length=40), STORABLE, STORED] | None
Text50 = Annotated[str, Field(max_length=50), STORABLE, STORED] | None
Text60 = Annotated[str, Field(max_length=60), STORABLE, STORED] | None
Text100 = Annotated[str, Field(max_length=100), STORABLE, STORED] | None
Text150 = Annotated[str, Field(max_length=150), STORABLE, STORED] | None
Text200 = Annotated[str, Field(max_length=200), STORABLE, STORED] | None
Text300 = Annotated[str, Field(max_length=300), STORABLE, STORED] | None
Text500 = Annotated[str, Field(max_length=500), STORABLE, STORED] | None


class InstrumentChange(Body):
    """Fields left out stay as they are."""

    name: Name | None = None
    name_en: Line | None = None
    evaluation_unit: Unit = None
    national_number: Text60 = None
    class_code: Annotated[str | None, Field(pattern="^[0-9]{2}([0-9]{2}){0,2}$")] = None
    special: bool | None = None
    share_mode: Annotated[ShareMode | None, Field(strict=False)] = None
    origin: Annotated[Origin | None, Field(strict=False)] = None
    original_value_fen: Worth | None = None
    funds: Line | None = None
    nation: Text60 = None
    maker: Line | None = None
    model: Line | None = None
    began_on: Day | None = None
    owning_unit: Line | None = None
    modes: list[Annotated[ServiceMode, Field(strict=False)]] | None = None
    fields: Annotated[list[Line] | None, Field(description="codes of priority fields")] = None
    subjects: Annotated[list[Line] | None, Field(max_length=MOST_SUBJECTS)] = None
    technical: Text500 = None
    functions: Text300 = None
    service_content: Text200 = None
    achievements: Text500 = None
    requirements: Text500 = None
    fee_text: Text500 = None
    service_url: Text150 = None
    town: Text60 = None
    address: Text100 = None
    postcode: Text6 = None
    contact: Text20 = None
    phone: Text40 = None
    email: Text50 = None
    places: Annotated[int | None, Field(ge=1, le=200)] = None
    customs_supervised: bool | None = None
    customs_declaration: Annotated[str, Field(max_length=CUSTOMS_DECLARATION), STORABLE, ONE_LINE] | None = None
    customs_item: Text20 = None
    customs_name: Line | None = None
    customs_released_on: Day | None = None

    def values(self) -> dict[str, Any]:
        """The attributes that were given."""
        given = {name: getattr(self, name) for name in self.model_fields_set if getattr(self, name) is not None}
        if "evaluation_unit" in self.model_fields_set:
            given["evaluation_unit"] = self.evaluation_unit or ""
        if (worth := given.pop("original_value_fen", None)) is not None:
            given["original_value"] = Money(worth)
        if "modes" in given:
            given["modes"] = [mode.value for mode in given["modes"]]
        given.pop("provider", None)
        return given


class InstrumentIn(InstrumentChange):
    """A draft under one provider."""

    provider: PublicId
    inner_id: Number
    name: Name


UNIT = select(EvaluationUnit.public_id).where(EvaluationUnit.id == Instrument.evaluation_unit_id).scalar_subquery()
APART = frozenset({"id", "provider", "evaluation_unit", "original_value_fen", "modes"})


def _serialize_instrument(row: Instrument, provider: Organisation, unit: str | None) -> InstrumentOut:
    return InstrumentOut(
        id=row.public_id,
        provider=provider.public_id,
        evaluation_unit=unit,
        original_value_fen=row.original_value.fen if row.original_value is not None else None,
        modes=[ServiceMode(value) for value in row.modes],
        **{name: getattr(row, name) for name in InstrumentOut.model_fields if name not in APART},
    )


def _response(row: Instrument, *, location: bool = False) -> ApiResponse:
    wanted = select(Organisation, UNIT).join(Instrument, Instrument.provider_id == Organisation.id)
    provider, unit = session.execute(wanted.where(Instrument.id == row.id)).one()
    where = f"{BASE}/instruments/{row.public_id}" if location else None
    return ApiResponse(_serialize_instrument(row, provider, unit), version=row.version, location=where)


@api.operation(
    "GET",
    "/instruments",
    permission=PUBLIC,
    summary=_l("Instruments and facilities, searched by words in Chinese or Latin"),
    answer=InstrumentList,
    query=InstrumentQuery,
)
def instruments(query: InstrumentQuery) -> ApiResponse:
    wanted = queries.visible(current_actor()).add_columns(UNIT)
    if query.q.strip():
        wanted = wanted.where(queries.matching(query.q))
    rows, following = page(wanted, Instrument, query)
    return ApiResponse(InstrumentList(items=[_serialize_instrument(*row) for row in rows], next=following))


@api.operation(
    "GET", "/instruments/<uuid:instrument>", permission=PUBLIC, summary=_l("One instrument"), answer=InstrumentOut
)
def one(instrument: str) -> ApiResponse:
    return _response(queries.find_instrument(instrument, actor=current_actor()))


@api.operation(
    "POST",
    "/instruments",
    permission=InstrumentPermission.CREATE,
    summary=_l("Register a draft"),
    answer=InstrumentOut,
    body=InstrumentIn,
    status=201,
)
def create(body: InstrumentIn) -> ApiResponse:
    provider = session.scalars(select(Organisation).where(Organisation.public_id == body.provider)).first()
    if provider is None:
        raise NotFound("organisation")
    return _response(services.create(provider, body.values(), actor=current_actor(), now=now()), location=True)


@api.operation(
    "PATCH",
    "/instruments/<uuid:instrument>",
    permission=InstrumentPermission.CHANGE,
    summary=_l("Change what is described; needs If-Match"),
    answer=InstrumentOut,
    body=InstrumentChange,
    versions=Versions.REQUIRED,
)
def change(instrument: str, body: InstrumentChange, version: int | None) -> ApiResponse:
    return _response(services.change(instrument, body.values(), version=version, actor=current_actor(), now=now()))
