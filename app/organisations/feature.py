"""Legal persons and other bodies, their roles, relations and members: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.infra.feature import Feature
from app.organisations import labels, permissions, views
from app.organisations.actions import ApplicationAction, MemberAction, OrganisationAction, RelationAction, UnitAction
from app.organisations.permissions import PlatformPermission
from app.organisations.views import actors
from app.web.menu import FIND, MINE, OPERATOR, Entry

FEATURE = Feature(
    name="organisations",
    blueprints=(views.blueprint,),
    policy=permissions.POLICY,
    view=permissions.VIEW,
    actions=(
        OrganisationAction,
        ApplicationAction,
        RelationAction,
        UnitAction,
        MemberAction,
    ),
    labels=labels,
    menu=(
        Entry(FIND, _l("Institutions"), "organisations.institutions", "building-bank", 20),
        Entry(MINE, _l("My organisations"), "organisations.mine", "building", 90),
        Entry(OPERATOR, _l("Applications of organisations"), "organisations.applications", "inbox", 180),
        Entry(
            OPERATOR,
            _l("Organisations"),
            "organisations.organisations",
            "building-community",
            190,
            PlatformPermission.VIEW,
        ),
        Entry(OPERATOR, _l("People"), "organisations.people", "users", 200),
    ),
    excused={
        "organisations.apply": "a button of the organisations' pages",
    },
    prepare=actors.init_app,
)
