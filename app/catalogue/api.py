"""Instruments for programs: list, one, create, change."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select

from app.access import PUBLIC, Permission
from app.api import ApiRoom
from app.api.operations import Versions
from app.api.paging import Paged, page
from app.api.room import BASE, Said
from app.api.schemas import Amount, Answer, Body, Line, Listed, Paragraph, PublicId
from app.catalogue import queries
from app.catalogue.models import AssetKind, Instrument, InstrumentState, ServiceMode
from app.catalogue.rules.words import ShareMode
from app.catalogue.services import instruments as services
from app.infra.db import session
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.organisations.models import Organisation
from app.web.current import current_actor, now

api = ApiRoom("catalogue_api", __name__)

Worth = Annotated[int, Field(ge=0, le=10**15, description="whole fen")]


class InstrumentOut(Answer):
    id: PublicId
    provider: PublicId
    state: InstrumentState
    asset_kind: AssetKind
    inner_id: str
    name: str
    name_en: str
    class_code: str | None
    maker: str
    model: str
    original_value_fen: Amount | None
    share_mode: ShareMode
    modes: list[ServiceMode]
    places: int
    town: str
    address: str
    functions: str
    technical: str
    grid_minutes: int
    min_minutes: int
    max_minutes: int
    needs_approval: bool
    version: int


class InstrumentList(Listed):
    items: list[InstrumentOut]


class InstrumentQuery(Paged):
    q: Annotated[str, Field(max_length=100)] = ""


class InstrumentChange(Body):
    """Fields left out stay as they are."""

    name: Annotated[Line | None, Field(min_length=1)] = None
    name_en: Line | None = None
    class_code: Annotated[str | None, Field(pattern=r"^\d{2}(\d{2}){0,2}$")] = None
    maker: Line | None = None
    model: Line | None = None
    original_value_fen: Worth | None = None
    share_mode: Annotated[ShareMode | None, Field(strict=False)] = None
    modes: list[Annotated[ServiceMode, Field(strict=False)]] | None = None
    town: Line | None = None
    address: Line | None = None
    functions: Paragraph | None = None
    technical: Paragraph | None = None

    def values(self) -> dict[str, Any]:
        """The attributes that were given."""
        given = {name: getattr(self, name) for name in self.model_fields_set if getattr(self, name) is not None}
        if (worth := given.pop("original_value_fen", None)) is not None:
            given["original_value"] = Money(worth)
        if "modes" in given:
            given["modes"] = [mode.value for mode in given["modes"]]
        given.pop("provider", None)
        return given


class InstrumentIn(InstrumentChange):
    """A draft under one provider."""

    provider: PublicId
    inner_id: Annotated[Line, Field(min_length=1, max_length=150)]
    name: Annotated[Line, Field(min_length=1)]


def _shown(row: Instrument, provider: Organisation) -> InstrumentOut:
    return InstrumentOut(
        id=row.public_id,
        provider=provider.public_id,
        original_value_fen=row.original_value.fen if row.original_value is not None else None,
        modes=[ServiceMode(value) for value in row.modes],
        **{
            name: getattr(row, name)
            for name in InstrumentOut.model_fields
            if name not in {"id", "provider", "original_value_fen", "modes"}
        },
    )


def _said(row: Instrument, *, location: bool = False) -> Said:
    provider = session.get_one(Organisation, row.provider_id)
    where = f"{BASE}/instruments/{row.public_id}" if location else None
    return Said(_shown(row, provider), version=row.version, location=where)


@api.operation(
    "GET",
    "/instruments",
    permission=PUBLIC,
    summary="Instruments and facilities, searched by words in Chinese or Latin",
    answer=InstrumentList,
    query=InstrumentQuery,
)
def instruments(query: InstrumentQuery) -> Said:
    wanted = queries.visible(current_actor())
    if query.q.strip():
        wanted = wanted.where(queries.matching(query.q))
    rows, following = page(wanted, Instrument, query)
    return Said(InstrumentList(items=[_shown(*row) for row in rows], next=following))


@api.operation(
    "GET", "/instruments/<uuid:instrument>", permission=PUBLIC, summary="One instrument", answer=InstrumentOut
)
def one(instrument: str) -> Said:
    return _said(queries.find_instrument(instrument, actor=current_actor()))


@api.operation(
    "POST",
    "/instruments",
    permission=Permission.INSTRUMENT_CREATE,
    summary="Register a draft",
    answer=InstrumentOut,
    body=InstrumentIn,
    status=201,
)
def create(body: InstrumentIn) -> Said:
    provider = session.scalars(select(Organisation).where(Organisation.public_id == body.provider)).first()
    if provider is None:
        raise NotFound("organisation")
    return _said(services.create(provider, body.values(), actor=current_actor(), now=now()), location=True)


@api.operation(
    "PATCH",
    "/instruments/<uuid:instrument>",
    permission=Permission.INSTRUMENT_CHANGE,
    summary="Change what is described; needs If-Match",
    answer=InstrumentOut,
    body=InstrumentChange,
    versions=Versions.REQUIRED,
)
def change(instrument: str, body: InstrumentChange, version: int | None) -> Said:
    return _said(services.change(instrument, body.values(), version=version, actor=current_actor(), now=now()))
