"""The operator suspends, reinstates and restructures bodies, and keeps people out; everything leaves its trace."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import Role
from app.audit.models import AuditEntry
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.organisations import queries
from app.organisations.models import Kind, Organisation, OrganisationState, RelatedParty
from tests.factories.cast import Cast
from tests.factories.organisations import member, user
from tests.factories.pages import blamed, send
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import book, refused


def acts() -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def standing(row: Organisation) -> str:
    return f"/organisations/{row.public_id}/standing"


def test_a_suspended_provider_is_not_found_nor_booked_and_comes_back_whole(
    app: Flask, cast: Cast, now: datetime
) -> None:
    kept = book(cast, now)
    clerk = signed_in(app, cast.clerk)
    assert send(clerk, standing(cast.university), version=1, reason="").status_code == 422, "a reason is needed"
    assert send(clerk, standing(cast.university), version=1, reason="Agreement expired").status_code == 302
    assert "organisation.suspended" in acts()
    session.rollback()
    assert "Electron microscope" not in app.test_client().get("/").text
    assert signed_in(app, cast.administrator).get("/manage/instruments").status_code == 403
    assert refused(cast, now, hours=72) == ["not-open-for-booking"]
    assert signed_in(app, cast.researcher).get(f"/bookings/{kept.public_id}").status_code == 200, "what is booked stays"
    told = session.scalars(select(OutboxMessage.body)).all()
    assert any("Agreement expired" in body for body in told)
    assert send(clerk, standing(cast.university), version=1, reason="Signed").status_code == 409, "a stale page"
    assert send(clerk, standing(cast.university), version=2, reason="Signed").status_code == 302
    session.rollback()
    assert "Electron microscope" in app.test_client().get("/").text
    assert acts()[-1] == "organisation.reinstated"
    assert session.get_one(Organisation, cast.university.id).state is OrganisationState.VERIFIED


def test_nobody_suspends_their_own_organisation(app: Flask, cast: Cast) -> None:
    assert send(signed_in(app, cast.clerk), standing(cast.operator), version=1, reason="No").status_code == 422
    assert (
        send(signed_in(app, cast.administrator), standing(cast.university), version=1, reason="No").status_code == 403
    )


def test_who_waits_for_the_operator_is_decided_on_and_not_suspended(app: Flask, cast: Cast) -> None:
    with transaction():
        session.get_one(Organisation, cast.firm.id).state = OrganisationState.APPLIED
    clerk, version = signed_in(app, cast.clerk), session.get_one(Organisation, cast.firm.id).version
    answer = send(clerk, standing(cast.firm), version=version, reason="Too early")
    assert (answer.status_code, "当前状态：待审核" in answer.text, "Too early" in answer.text) == (422, True, True)
    session.rollback()
    assert session.get_one(Organisation, cast.firm.id).state is OrganisationState.APPLIED


def test_kind_parent_and_merger_are_recorded_and_change_the_legal_person(app: Flask, cast: Cast) -> None:
    page = f"/organisations/{cast.other_firm.public_id}/structure"
    clerk = signed_in(app, cast.clerk)
    merged = {"kind": "small-enterprise", "merged_into_uscc": cast.firm.uscc, "merged_on": "2026-06-30"}
    for wrong in (
        {**merged, "merged_on": ""},
        {**merged, "merged_on": "2030-01-01"},
        {**merged, "merged_into_uscc": cast.other_firm.uscc},
    ):
        assert send(clerk, page, version=1, **wrong).status_code == 422
        session.rollback()
    assert send(clerk, page, version=1, **merged).status_code == 302
    session.rollback()
    row = session.get_one(Organisation, cast.other_firm.id)
    assert (row.kind, row.merged_on) == (Kind.SMALL_ENTERPRISE, date(2026, 6, 30))
    assert queries.legal_persons()[cast.other_firm.id] == cast.firm.id
    assert acts()[-1] == "organisation.restructured"
    back, below = f"/organisations/{cast.firm.public_id}/structure", cast.other_firm.uscc
    for field, circle in (
        ("parent_uscc", {"parent_uscc": below}),
        ("merged_into_uscc", {"merged_into_uscc": below, "merged_on": "2026-06-30"}),
    ):
        refused = send(clerk, back, version=1, kind="enterprise", **circle)
        assert (refused.status_code, blamed(refused)) == (422, [field]), "nobody stands above itself"
        session.rollback()
        row = session.get_one(Organisation, cast.firm.id)
        assert (row.parent_id, row.merged_into_id) == (None, None)


def test_a_person_is_kept_out_and_let_in_again(app: Flask, cast: Cast) -> None:
    clerk, person = signed_in(app, cast.clerk), signed_in(app, cast.researcher)
    at = f"/people/{cast.researcher.public_id}"
    assert person.get("/bookings").status_code == 200
    assert "r*" in clerk.get("/people?q=researcher").text, "addresses are masked"
    assert send(clerk, f"{at}/suspend", reason="Shared password").status_code == 302
    assert person.get("/bookings").status_code == 302, "signed out at once"
    again = send(clerk, f"{at}/suspend", reason="Again")
    assert (again.status_code, "当前状态：已停用" in again.text, "Again" in again.text) == (422, True, True)
    assert send(clerk, f"{at}/reinstate").status_code == 302
    assert signed_in(app, cast.researcher).get("/bookings").status_code == 200
    assert send(clerk, f"/people/{cast.clerk.public_id}/suspend", reason="Me").status_code == 422
    assert send(clerk, f"/people/{cast.auditor.public_id}/suspend", reason="Apart").status_code == 422
    assert send(signed_in(app, cast.administrator), f"{at}/suspend", reason="No").status_code == 403


def test_a_security_administrator_keeps_people_out_too(app: Flask, cast: Cast) -> None:
    with transaction():
        guard = member(user("guard"), cast.operator, Role.SECURITY_ADMINISTRATOR)
    at = f"/people/{cast.researcher.public_id}/suspend"
    assert send(signed_in(app, guard), at, reason="Stolen telephone").status_code == 302


@pytest.mark.parametrize(("content", "status"), [(b"%PDF-1.7 extract", 302), (b"MZ program", 422)])
def test_the_proof_of_a_relation_is_kept_and_handed_to_those_concerned(
    app: Flask, cast: Cast, content: bytes, status: int
) -> None:
    page = f"/organisations/{cast.university.public_id}/relations"
    said = {"other_uscc": cast.firm.uscc, "basis": "same-representative", "valid_from": "2026-01-01"}
    client = signed_in(app, cast.administrator)
    assert send(client, page, **said, proof=(io.BytesIO(content), "register.pdf")).status_code == status
    row = session.scalars(select(RelatedParty)).one_or_none()
    assert (row is not None) is (status == 302)
    if row is None:
        return
    at = f"/relations/{row.public_id}/proof"
    assert client.get(at).data == content
    assert signed_in(app, cast.researcher).get(at).status_code == 200, "the other side reads it, too"
    assert signed_in(app, cast.stranger).get(at).status_code == 404
