"""An organisation applies with its letter, the operator decides."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.infra.db import session
from app.infra.files import StoredFile, path_of
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.organisations import queries
from app.organisations.models import Application, Membership, Organisation, OrganisationRole, OrganisationState
from app.organisations.rules import MOST_WAITING
from tests.factories.cast import Cast
from tests.factories.organisations import uscc, user
from tests.factories.pages import csrf_token, send
from tests.factories.signing_in import signed_in

LETTER = b"%PDF-1.7 the letter"


@pytest.fixture
def applicant(app: Flask) -> User:
    with transaction():
        return user("applicant")


def apply(app: Flask, who: User, letter: bytes = LETTER, **other: object) -> TestResponse:
    client = signed_in(app, who)
    fields = {
        "csrf_token": csrf_token(client),
        "name": "北京示例科技有限公司",
        "kind": "enterprise",
        "roles": ["client", "provider"],
        "uscc": uscc(),
        "letter": (BytesIO(letter), "../../letter.pdf"),
        **other,
    }
    return client.post("/organisations/apply", data=fields)


def test_the_operator_verifies_and_the_applicant_becomes_administrator(app: Flask, cast: Cast, applicant: User) -> None:
    assert apply(app, applicant).location == "/organisations/mine"
    application = session.scalars(select(Application)).one()
    clerk = signed_in(app, cast.clerk)
    assert "北京示例科技有限公司" in clerk.get("/applications").text
    page = f"/applications/{application.public_id}"
    assert clerk.get(f"{page}/letter").data == LETTER
    assert send(clerk, f"{page}/verify").location == "/applications"
    organisation = session.get_one(Organisation, application.organisation_id)
    assert organisation.state is OrganisationState.VERIFIED
    assert queries.admitted_roles(organisation.id) == [OrganisationRole.PROVIDER, OrganisationRole.CLIENT]
    member = session.scalars(select(Membership).where(Membership.user_id == applicant.id)).one()
    assert member.role == "administrator"
    assert "审核" in session.scalars(select(OutboxMessage.subject)).one()
    assert "organisation.verified" in session.scalars(select(AuditEntry.action)).all()
    assert send(clerk, f"{page}/verify").status_code == 422, "decided once"


def test_the_letter_is_kept_by_its_content_and_served_as_an_attachment(app: Flask, cast: Cast, applicant: User) -> None:
    apply(app, applicant)
    stored = session.scalars(select(StoredFile)).one()
    assert (stored.name, stored.media_type, path_of(stored.digest).read_bytes()) == (
        "letter.pdf",
        "application/pdf",
        LETTER,
    )
    application = session.scalars(select(Application)).one()
    answer = signed_in(app, cast.clerk).get(f"/applications/{application.public_id}/letter")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_declining_tells_the_reason_and_leaves_the_body_unverified(app: Flask, cast: Cast, applicant: User) -> None:
    apply(app, applicant)
    application = session.scalars(select(Application)).one()
    clerk = signed_in(app, cast.clerk)
    page = f"/applications/{application.public_id}/decline"
    assert send(clerk, page).status_code == 422, "a reason is needed"
    assert send(clerk, page, reason="The seal is missing").location == "/applications"
    assert "The seal is missing" in session.scalars(select(OutboxMessage.body)).one()
    assert "The seal is missing" in signed_in(app, applicant).get("/organisations/mine").text
    assert session.get_one(Organisation, application.organisation_id).state is OrganisationState.DECLINED


def test_nobody_decides_about_their_own_case(app: Flask, cast: Cast) -> None:
    apply(app, cast.clerk)
    application = session.scalars(select(Application)).one()
    assert send(signed_in(app, cast.clerk), f"/applications/{application.public_id}/verify").status_code == 422


def test_strangers_cannot_tell_an_application_from_none(app: Flask, cast: Cast, applicant: User) -> None:
    apply(app, applicant)
    application = session.scalars(select(Application)).one()
    administrator = signed_in(app, cast.administrator)
    assert administrator.get(f"/applications/{application.public_id}").status_code == 403, "not at the door"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("91110114MA00001", "18"),
        ("9111I114MA0000010X", "I、O、S、V、Z"),
        ("91110114MA0000010A", "校验码"),
        ("", "请填写"),
    ],
)
def test_a_wrong_code_is_refused_with_the_reason(app: Flask, applicant: User, typed: str, words: str) -> None:
    answer = apply(app, applicant, uscc=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "北京示例科技有限公司" in answer.text, "what was typed is kept"
    assert session.scalars(select(Organisation)).all() == []


def test_a_code_in_full_width_and_lower_case_is_the_same_code(app: Flask, applicant: User) -> None:
    code = uscc()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert apply(app, applicant, uscc=f" {wide} ").status_code == 302
    assert session.scalars(select(Organisation.uscc)).one() == code


def test_a_known_body_is_claimed_not_written_twice(app: Flask, cast: Cast, applicant: User) -> None:
    assert apply(app, applicant, uscc=cast.firm.uscc).status_code == 302
    assert session.scalars(select(Application.organisation_id)).one() == cast.firm.id
    assert apply(app, applicant, uscc=cast.firm.uscc).status_code == 422, "one waiting claim is enough"


def test_a_suspended_body_is_not_let_in_by_the_claim_of_one_more_person(
    app: Flask, cast: Cast, applicant: User
) -> None:
    with transaction():
        session.get_one(Organisation, cast.firm.id).state = OrganisationState.SUSPENDED
    apply(app, applicant, uscc=cast.firm.uscc)
    application = session.scalars(select(Application)).one()
    assert send(signed_in(app, cast.clerk), f"/applications/{application.public_id}/verify").status_code == 302
    assert session.scalar(select(Organisation.state).where(Organisation.id == cast.firm.id)) == "suspended"


def test_teams_need_no_code_and_a_branch_needs_a_verified_parent(app: Flask, cast: Cast, applicant: User) -> None:
    assert apply(app, applicant, kind="start-up-team", uscc="").status_code == 302
    assert apply(app, applicant, parent_uscc=uscc()).status_code == 422
    assert apply(app, applicant, name="Branch", parent_uscc=cast.firm.uscc).status_code == 302
    branch = session.scalars(select(Organisation).where(Organisation.name == "Branch")).one()
    assert queries.legal_persons()[branch.id] == cast.firm.id
    claim = session.scalars(select(Application).where(Application.organisation_id == branch.id)).one()
    assert cast.firm.name in signed_in(app, cast.clerk).get(f"/applications/{claim.public_id}").text


@pytest.mark.parametrize("smuggled", ["operator", "district"])
def test_operator_and_district_cannot_be_applied_for(app: Flask, applicant: User, smuggled: str) -> None:
    assert apply(app, applicant, roles=["client", smuggled]).status_code == 422


def test_a_letter_is_what_its_content_says(app: Flask, applicant: User) -> None:
    answer = apply(app, applicant, letter=b"<html>not a letter</html>")
    assert (answer.status_code, "PDF" in answer.text) == (422, True)


def test_what_a_declined_stranger_wrote_about_a_body_gives_way(app: Flask, cast: Cast, applicant: User) -> None:
    code = uscc()
    apply(app, applicant, uscc=code, name="A name of mockery")
    clerk = signed_in(app, cast.clerk)
    first = session.scalars(select(Application)).one()
    assert send(clerk, f"/applications/{first.public_id}/decline", reason="Not yours").status_code == 302
    assert apply(app, cast.rival, uscc=code, name="Its own name").status_code == 302
    body = session.scalars(select(Organisation).where(Organisation.uscc == code)).one()
    assert (body.name, body.state) == ("Its own name", OrganisationState.APPLIED)
    assert [name.name for name in queries.names_of(body.id)] == ["Its own name"]


def test_who_applied_by_mistake_takes_it_back(app: Flask, cast: Cast, applicant: User) -> None:
    code = uscc()
    apply(app, applicant, uscc=code, name="Mistyped")
    first = session.scalars(select(Application)).one()
    client, page = signed_in(app, applicant), f"/applications/{first.public_id}"
    assert send(signed_in(app, cast.rival), f"{page}/withdraw").status_code == 404
    assert send(client, f"{page}/withdraw").location == "/organisations/mine"
    assert "已撤回" in client.get("/organisations/mine").text
    clerk = signed_in(app, cast.clerk)
    assert ["已撤回" in clerk.get(address).text for address in (page, "/applications")] == [True, True]
    assert send(clerk, f"{page}/verify").status_code == 422, "there is nothing left to decide"
    assert send(client, f"{page}/withdraw").status_code == 422
    assert apply(app, applicant, uscc=code, name="Well typed").status_code == 302
    body = session.scalars(select(Organisation).where(Organisation.uscc == code)).one()
    assert (body.name, body.state) == ("Well typed", OrganisationState.APPLIED)
    assert "application.withdrawn" in session.scalars(select(AuditEntry.action)).all()


def test_a_body_stays_as_described_while_another_claim_to_it_waits(app: Flask, cast: Cast, applicant: User) -> None:
    code = uscc()
    apply(app, applicant, uscc=code, name="As it is")
    apply(app, cast.rival, uscc=code, name="As it is not")
    ours, theirs = session.scalars(select(Application).order_by(Application.id)).all()
    states = []
    for who, claim in ((applicant, ours), (cast.rival, theirs)):
        send(signed_in(app, who), f"/applications/{claim.public_id}/withdraw")
        states.append(session.scalars(select(Organisation.state).where(Organisation.uscc == code)).one())
    assert states == [OrganisationState.APPLIED, OrganisationState.DECLINED]


def test_one_person_does_not_fill_the_inbox(app: Flask, applicant: User) -> None:
    answers = [apply(app, applicant).status_code for _ in range(MOST_WAITING + 1)]
    assert answers == [302] * MOST_WAITING + [422]
