"""Operator and district are set up at the shell."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.access import Role
from app.access.actor import system
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import Refused
from app.organisations import queries
from app.organisations.models import Kind, OrganisationRole
from app.organisations.services import bootstrap
from tests.factories.organisations import uscc, user

SHELL = system("flask organisations found")


def test_a_body_is_founded_once_and_its_people_appointed(app: Flask, now: datetime) -> None:
    code = uscc()
    with transaction():
        operator = bootstrap.found(
            "Operator", Kind.ENTERPRISE, [OrganisationRole.OPERATOR], code=code, actor=SHELL, now=now
        )
        clerk = user("clerk")
        bootstrap.appoint(clerk, operator, Role.OPERATOR, actor=SHELL, now=now)
    assert queries.roles_of(clerk.id, today=civil_day(now)) == {(Role.OPERATOR, operator.id)}
    with pytest.raises(Refused, match="organisation-exists"), transaction():
        bootstrap.found("Operator again", Kind.ENTERPRISE, [OrganisationRole.OPERATOR], code=code, actor=SHELL, now=now)
    with pytest.raises(Refused, match="already-member"), transaction():
        bootstrap.appoint(clerk, operator, Role.OPERATOR, actor=SHELL, now=now)


def test_one_person_is_never_two_of_the_three_administrators(app: Flask, now: datetime) -> None:
    with transaction():
        operator = bootstrap.found(
            "Operator", Kind.PUBLIC_BODY, [OrganisationRole.OPERATOR], code=uscc(), actor=SHELL, now=now
        )
        keeper = user("keeper")
        bootstrap.appoint(keeper, operator, Role.SYSTEM_ADMINISTRATOR, actor=SHELL, now=now)
    with pytest.raises(Refused, match="administrators-separated"), transaction():
        bootstrap.appoint(keeper, operator, Role.AUDIT_ADMINISTRATOR, actor=SHELL, now=now)
