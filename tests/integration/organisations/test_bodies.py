"""A body's data, names, units and relations."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.transactions import transaction
from app.organisations import queries
from app.organisations.models import (
    EvaluationUnit,
    Kind,
    OrganisationName,
    OrganisationRole,
    OrganisationState,
    RelatedParty,
)
from tests.conftest import Clock
from tests.factories.cast import Cast
from tests.factories.organisations import organisation, related, uscc
from tests.factories.pages import blamed, send
from tests.factories.signing_in import signed_in


def test_a_new_name_keeps_the_old_one(app: Flask, cast: Cast, clock: Clock) -> None:
    with transaction():
        session.add(
            OrganisationName(organisation_id=cast.university.id, name="University One", valid_from=date(1958, 9, 1))
        )
    page = f"/organisations/{cast.university.public_id}/edit"
    client = signed_in(app, cast.administrator)
    assert send(client, page, version=1, name="示范大学").status_code == 302
    clock.move(days=1)
    client = signed_in(app, cast.administrator)
    assert send(client, page, version=2, name="示范理工大学").status_code == 302
    session.rollback()
    names = [(n.name, n.valid_from, n.valid_until) for n in queries.names_of(cast.university.id)]
    assert names == [
        ("示范理工大学", date(2026, 11, 19), None),
        ("示范大学", date(2026, 11, 18), date(2026, 11, 19)),
        ("University One", date(1958, 9, 1), date(2026, 11, 18)),
    ]
    session.refresh(cast.university)
    assert cast.university.sort_key.startswith("shi4 fan4 li3")


def test_a_slip_in_a_new_name_is_corrected_on_its_day(app: Flask, cast: Cast) -> None:
    page, client = f"/organisations/{cast.university.public_id}/edit", signed_in(app, cast.administrator)
    for version, name in ((1, "示犯大学"), (2, "示范大学")):
        assert send(client, page, version=version, name=name).status_code == 302
    session.rollback()
    assert [(n.name, n.valid_until) for n in queries.names_of(cast.university.id)] == [("示范大学", None)]


def test_units_are_added_and_changed_by_their_own_administrator(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    add = f"/organisations/{cast.university.public_id}/units"
    unit = {"name": "North campus", "kind": "university", "payee": "University One"}
    assert send(client, add, **unit).status_code == 302
    assert send(client, add, **unit).status_code == 422, "names are unique"
    row = session.scalars(select(EvaluationUnit)).one()
    assert send(client, f"/units/{row.public_id}", version=1, **{**unit, "town": "Nanshao"}).status_code == 302
    assert send(signed_in(app, cast.stranger), f"/units/{row.public_id}", version=2, **unit).status_code == 404


def test_a_unit_added_by_mistake_is_taken_back_until_anything_stands_under_it(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    for name in ("Meant", "Slip"):
        made = {"name": name, "kind": "university"}
        assert send(client, f"/organisations/{cast.university.public_id}/units", **made).status_code == 302
    meant, slip = session.scalars(select(EvaluationUnit).order_by(EvaluationUnit.id))
    with transaction():
        session.get_one(Instrument, cast.microscope.id).evaluation_unit_id = meant.id
    for unit, answer in ((meant, 422), (slip, 302)):
        assert f"/units/{unit.public_id}/remove" in client.get(f"/units/{unit.public_id}").text
        assert send(client, f"/units/{unit.public_id}/remove").status_code == answer
    session.rollback()
    assert session.scalars(select(EvaluationUnit.name)).all() == ["Meant"]
    assert session.get_one(Instrument, cast.microscope.id).evaluation_unit_id == meant.id


def test_relations_are_dated_and_only_the_operator_ends_them(app: Flask, cast: Cast) -> None:
    said = {"other_uscc": cast.firm.uscc, "basis": "control", "percent": "51", "valid_from": "2026-01-01"}
    page = f"/organisations/{cast.university.public_id}/relations"
    client, clerk = signed_in(app, cast.administrator), signed_in(app, cast.clerk)
    assert send(client, page, **{**said, "percent": ""}).status_code == 422, "control has a share"
    assert send(client, page, **said).status_code == 302
    assert send(client, page, **said).status_code == 422, "recorded already"
    assert send(signed_in(app, cast.finance), page, **said).status_code == 403
    assert send(signed_in(app, cast.stranger), page, **said).status_code == 404
    row = session.scalars(select(RelatedParty)).one()
    end = f"/relations/{row.public_id}/end"
    assert send(client, end, ends_on="2026-07-01").status_code == 403, "who is bound does not unbind"
    assert send(clerk, end, ends_on="2026-07-01").status_code == 302
    again = {**said, "valid_from": "2026-09-01", "note": "Bought back"}
    assert send(client, page, **again).status_code == 302
    assert send(clerk, end, ends_on="2026-09-02").status_code == 422, "it would reach the next one"
    assert send(clerk, end, ends_on="2026-08-01").status_code == 302, "a slip in the end is corrected"
    shown = clerk.get(f"/organisations/{cast.university.public_id}").text
    assert "Bought back" in shown
    assert end in shown
    assert send(clerk, end, ends_on="2026-07-01").status_code == 302
    session.rollback()
    assert queries.related_on(cast.firm.id, date(2026, 6, 30)) == {cast.university.id}
    assert queries.related_on(cast.university.id, date(2026, 7, 1)) == frozenset()
    assert queries.related_on(cast.other_firm.id, date(2026, 6, 30)) == frozenset()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"other_uscc": uscc()}, "other_uscc"),
        ({"other_uscc": "own"}, "other_uscc"),
        ({"valid_until": "2025-12-31"}, "valid_until"),
        ({"valid_until": "2026-01-01"}, "valid_until"),
    ],
)
def test_a_relation_that_cannot_be_is_refused_by_its_field(
    app: Flask, cast: Cast, change: dict[str, str], field: str
) -> None:
    said = {"other_uscc": cast.firm.uscc, "basis": "control", "percent": "51", "valid_from": "2026-01-01", **change}
    if said["other_uscc"] == "own":
        said["other_uscc"] = cast.university.uscc
    answer = send(signed_in(app, cast.administrator), f"/organisations/{cast.university.public_id}/relations", **said)
    assert (answer.status_code, blamed(answer)) == (422, [field])
    assert 'value="51"' in answer.text, "what was typed is kept"
    assert session.scalars(select(RelatedParty)).all() == []


@pytest.mark.parametrize("ends_on", ["2025-12-31", "2026-01-05"])
def test_a_relation_does_not_end_before_it_began(app: Flask, cast: Cast, ends_on: str) -> None:
    with transaction():
        row = related(cast.university, cast.firm, date(2026, 1, 5))
    answer = send(signed_in(app, cast.clerk), f"/relations/{row.public_id}/end", ends_on=ends_on)
    assert (answer.status_code, blamed(answer)) == (422, ["ends_on"])
    session.rollback()
    assert session.scalars(select(RelatedParty.valid_until)).one() is None


def test_merged_bodies_and_branches_are_one_legal_person(app: Flask, cast: Cast) -> None:
    with transaction():
        branch = organisation("Branch", OrganisationRole.CLIENT, parent_id=cast.firm.id)
        old = organisation("Old", OrganisationRole.CLIENT, merged_into_id=branch.id, merged_on=date(2026, 3, 1))
        looped = organisation("Looped", OrganisationRole.CLIENT)
        looped.parent_id = organisation("Other end", OrganisationRole.CLIENT, parent_id=looped.id).id
    persons = queries.legal_persons()
    assert (persons[old.id], persons[cast.university.id]) == (cast.firm.id, cast.university.id)
    assert persons[looped.id], "a loop ends"


def test_the_public_sees_verified_providers_only(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with transaction():
        organisation("Unproved", OrganisationRole.PROVIDER, kind=Kind.UNIVERSITY, state=OrganisationState.APPLIED)
    page = client.get("/institutions").text
    assert "University One" in page
    assert "University Two" in page
    assert "Firm One" not in page
    assert "Unproved" not in page


def test_lists_are_scoped_searched_and_exported(app: Flask, cast: Cast) -> None:
    with transaction():
        organisation("=cmd|'calc'", OrganisationRole.CLIENT)
    clerk = signed_in(app, cast.clerk)
    assert "Firm Two" in clerk.get("/organisations").text
    assert "Firm Two" not in clerk.get("/organisations?q=university").text
    own = signed_in(app, cast.stranger).get("/organisations").text
    assert "University Two" in own
    assert "Firm One" not in own
    exported = clerk.get("/organisations?format=csv").text
    assert "'=cmd|'calc'" in exported
    assert exported.startswith("\ufeff")
