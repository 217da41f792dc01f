"""A constant cast, asked the same questions of every page."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import Role
from app.accounts.models import User
from app.catalogue.models import Instrument
from app.organisations.models import Kind, Organisation, OrganisationRole
from app.pricing.rules import ClientClass
from tests.factories.instruments import instrument, price
from tests.factories.organisations import member, organisation, user


@dataclass(frozen=True)
class Cast:
    """A university that shares, a firm that books, another of each, the operator and the district."""

    university: Organisation
    firm: Organisation
    other_university: Organisation
    other_firm: Organisation
    operator: Organisation
    district: Organisation
    microscope: Instrument
    other_microscope: Instrument
    researcher: User  # of the firm: books
    colleague: User  # of the firm: another member
    approver: User  # of the firm
    manager: User  # of the microscope
    administrator: User  # of the university
    finance: User  # of the university
    stranger: User  # administrator of the other university and member there
    rival: User  # member of the other firm
    clerk: User  # of the operator
    officer: User  # of the district
    auditor: User  # audit administrator
    keeper: User  # system administrator


def gather() -> Cast:
    university = organisation("University One", OrganisationRole.PROVIDER, kind=Kind.UNIVERSITY)
    firm = organisation("Firm One", OrganisationRole.CLIENT)
    other_university = organisation(
        "University Two", OrganisationRole.PROVIDER, OrganisationRole.CLIENT, kind=Kind.UNIVERSITY
    )
    other_firm = organisation("Firm Two", OrganisationRole.CLIENT)
    operator = organisation("Operator", OrganisationRole.OPERATOR)
    district = organisation("District", OrganisationRole.DISTRICT, kind=Kind.PUBLIC_BODY)
    manager = member(user("manager"), university, Role.INSTRUMENT_MANAGER)
    microscope = instrument(university, "Electron microscope", manager)
    other_microscope = instrument(other_university, "Mass spectrometer")
    for each in (microscope, other_microscope):
        for client_class in ClientClass:
            price(each, 400, client_class)
    return Cast(
        university=university,
        firm=firm,
        other_university=other_university,
        other_firm=other_firm,
        operator=operator,
        district=district,
        microscope=microscope,
        other_microscope=other_microscope,
        researcher=member(user("researcher"), firm, Role.MEMBER),
        colleague=member(user("colleague"), firm, Role.MEMBER),
        approver=member(user("approver"), firm, Role.APPROVER),
        manager=manager,
        administrator=member(user("administrator"), university, Role.ADMINISTRATOR),
        finance=member(user("finance"), university, Role.FINANCE),
        stranger=member(user("stranger"), other_university, Role.ADMINISTRATOR, Role.MEMBER),
        rival=member(user("rival"), other_firm, Role.MEMBER),
        clerk=member(user("clerk"), operator, Role.OPERATOR),
        officer=member(user("officer"), district, Role.SCHEME_MANAGER, Role.REVIEWER),
        auditor=member(user("auditor"), district, Role.AUDIT_ADMINISTRATOR),
        keeper=member(user("keeper"), operator, Role.SYSTEM_ADMINISTRATOR),
    )
