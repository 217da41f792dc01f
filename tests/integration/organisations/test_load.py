"""List pages ask the database a constant number of questions; two administrators cannot end each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import Role
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.organisations import queries, rules
from app.organisations.models import Application, Membership, OrganisationRole
from app.organisations.services import members
from tests.conftest import Clock, Rig
from tests.factories.cast import Cast
from tests.factories.organisations import BORN, member, organisation, user
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.statements import counted

MOST = 12


def grow(cast: Cast, start: int) -> None:
    """Twenty more of everything that the lists show."""
    letter = StoredFile(digest="0" * 64, name="l", media_type="application/pdf", size=1, owner_id=None, created_at=BORN)
    session.add(letter)
    session.flush()
    for number in range(start, start + 20):
        body = organisation(f"Body {number}", OrganisationRole.CLIENT, OrganisationRole.PROVIDER)
        who = member(user(f"person-{number}"), cast.university, Role.MEMBER)
        session.add(
            Application(
                organisation_id=body.id, user_id=who.id, roles=["client"], letter_file_id=letter.id, created_at=BORN
            )
        )


@pytest.mark.parametrize(
    "path", ["/organisations", "/applications", "/institutions", "/organisations/mine", "/operation/outbox", "/members"]
)
def test_lists_do_not_ask_more_when_there_is_more(app: Flask, cast: Cast, path: str) -> None:
    if path == "/members":
        path = f"/organisations/{cast.university.public_id}/members"
    client = signed_in(app, cast.administrator if "members" in path else cast.clerk)
    counts = []
    for start in (0, 100):
        with transaction():
            grow(cast, start)
        with counted() as sent:
            assert client.get(path).status_code == 200
        counts.append(len([statement for statement in sent if not statement.startswith("PRAGMA")]))
    assert counts[0] == counts[1] <= MOST


def end_each_other(app: Flask, cast: Cast, clock: Clock) -> tuple[list[int], int]:
    """Both at the same moment: the answers, and how many administrators are left."""
    with transaction():
        deputy = member(user("deputy"), cast.university, Role.ADMINISTRATOR)
    people = (cast.administrator, deputy)
    pages = []
    for other in reversed(people):
        held = select(Membership.public_id).where(Membership.user_id == other.id, Membership.role == Role.ADMINISTRATOR)
        pages.append(f"/memberships/{session.scalars(held).one()}")
    clients, together = [signed_in(app, who) for who in people], Barrier(2)
    today = civil_day(clock())

    def end(client: FlaskClient, page: str) -> int:
        with app.app_context():
            together.wait()
            return send(client, page, version=1, ends_on=today.isoformat()).status_code

    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(end, clients, pages))
    session.rollback()
    return answers, sum(bool(queries.roles_of(who.id, today=today)) for who in people)


def test_two_administrators_who_end_each_other_leave_one(app: Flask, cast: Cast, clock: Clock) -> None:
    answers, left = end_each_other(app, cast, clock)
    assert answers in ([302, 404], [302, 422]), "gone already, or the last one"
    assert left == 1


def test_without_the_lock_both_would_go(
    app: Flask, rig: Rig, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control; on SQLite write transactions stand in line by themselves."""
    together, decide = Barrier(2), rules.leaves_nobody

    def decide_together(*others: Any, **when: Any) -> bool:
        last = decide(*others, **when)
        with suppress(BrokenBarrierError):
            together.wait(1)
        return last

    monkeypatch.setattr(rules, "leaves_nobody", decide_together)
    monkeypatch.setattr(members, "locked", lambda statement: statement)
    _answers, left = end_each_other(app, cast, clock)
    assert left == (0 if rig.server else 1)
