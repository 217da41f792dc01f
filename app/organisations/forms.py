"""What people type in about organisations, members, units and relations."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField

from app.access import Role
from app.organisations.models import Kind, OrganisationRole, RelationBasis
from app.organisations.rules import APPLIED_FOR
from app.web import labels
from app.web.choice_fields import EnumField, EnumsField
from app.web.fields import DateField, LongText, NumberField, Text, UsccField, required
from app.web.forms import Form

ENDS = _l("The first day without it; empty: without end.")


class ApplyForm(Form):
    uscc = UsccField(
        _l("Unified social credit code"),
        description=_l("18 characters. Teams, foreign bodies and natural persons have none and leave this empty."),
    )
    name = Text(_l("Full name of the organisation"), [required()], longest=120)
    name_en = Text(_l("English name"), longest=200)
    kind = EnumField(_l("Kind"), [required()], kind=Kind)
    roles = EnumsField(
        _l("What it does here"), kind=OrganisationRole, members=[OrganisationRole(role) for role in APPLIED_FOR]
    )
    parent_uscc = UsccField(
        _l("Code of the parent"), description=_l("Only for a branch: the code of the legal person it belongs to.")
    )
    town = Text(_l("Town or street"), longest=60)
    address = Text(_l("Address"), longest=100)
    letter = FileField(
        _l("Authorisation letter"), [required()], description=_l("Signed and sealed: PDF, PNG or JPEG, up to 32 MiB.")
    )


class ProfileForm(Form):
    name = Text(
        _l("Full name of the organisation"),
        [required()],
        longest=120,
        description=_l("A new name is kept beside the old ones with its first day."),
    )
    name_en = Text(_l("English name"), longest=200)
    town = Text(_l("Town or street"), longest=60)
    address = Text(_l("Address"), longest=100)
    industry_code = Text(_l("Industry code"), longest=10)


class DeclineForm(Form):
    reason = LongText(_l("Reason"), [required()], longest=500)


class ReasonedForm(Form):
    reason = LongText(
        _l("Reason"), [required()], longest=500, description=_l("Those concerned read it in their message.")
    )


class StructureForm(Form):
    kind = EnumField(_l("Kind"), [required()], kind=Kind)
    parent_uscc = UsccField(
        _l("Code of the parent"), description=_l("Only for a branch: the code of the legal person it belongs to.")
    )
    merged_into_uscc = UsccField(
        _l("Merged into"), description=_l("The code of the organisation that took this one in; empty: not merged.")
    )
    merged_on = DateField(_l("Day of the merger"))


class InviteForm(Form):
    address = Text(_l("E-mail address or mobile number"), [required()], longest=254)
    role = SelectField(_l("Role"), [required()])
    ends_on = DateField(_l("Ends on"), description=ENDS)


class TermForm(Form):
    ends_on = DateField(_l("Ends on"), description=ENDS)


class UnitForm(Form):
    name = Text(_l("Name of the unit"), [required()], longest=120)
    kind = EnumField(_l("Kind"), [required()], kind=Kind)
    town = Text(_l("Town or street"), longest=60)
    payee = Text(_l("Payee"), longest=120, description=_l("Account name to which support for this unit is paid."))


class RelationForm(Form):
    other_uscc = UsccField(_l("Code of the other organisation"), [required()])
    basis = EnumField(_l("Basis"), [required()], kind=RelationBasis)
    percent = NumberField(_l("Share held, in percent"), most=100, places=4)
    valid_from = DateField(_l("From"), [required()])
    valid_until = DateField(_l("Ends on"), description=ENDS)
    note = LongText(_l("Note"), longest=500)
    proof = FileField(
        _l("Proof"),
        description=_l("Extract of the register, shareholding or the like: PDF, PNG or JPEG, up to 32 MiB."),
    )


class EndForm(Form):
    ends_on = DateField(_l("Ends on"), [required()], description=ENDS)


def offered(roles: list[str]) -> list[tuple[str, str]]:
    """The roles of members under their labels."""
    return [("", _("Please choose")), *((role, labels.label(Role(role))) for role in roles)]
