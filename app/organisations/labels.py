"""Words for organisations, their roles, members and relations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.web.labels.badge import GOOD, REFUSED, WAITING

LABELS = {
    "OrganisationAction": {
        "organisation.applied": _l("Applied for an organisation"),
        "organisation.changed": _l("Changed an organisation"),
        "organisation.verified": _l("Verified an organisation"),
        "organisation.declined": _l("Declined an application"),
        "organisation.suspended": _l("Suspended an organisation"),
        "organisation.reinstated": _l("Reinstated an organisation"),
        "organisation.restructured": _l("Recorded kind, parent or merger of an organisation"),
    },
    "ApplicationAction": {
        "application.withdrawn": _l("Withdrew an application"),
    },
    "RelationAction": {
        "relation.recorded": _l("Recorded a related party"),
        "relation.ended": _l("Ended a relation"),
    },
    "UnitAction": {
        "unit.created": _l("Added an evaluation unit"),
        "unit.changed": _l("Changed an evaluation unit"),
        "unit.removed": _l("Took back an evaluation unit"),
    },
    "MemberAction": {
        "member.invited": _l("Invited a member"),
        "member.joined": _l("Joined an organisation"),
        "member.changed": _l("Changed a membership"),
        "member.ended": _l("Ended a membership"),
    },
    "Kind": {
        "university": _l("University"),
        "research-institute": _l("Research institute"),
        "medical": _l("Medical institution"),
        "central-enterprise": _l("Central enterprise"),
        "enterprise": _l("Enterprise"),
        "small-enterprise": _l("Small or micro enterprise"),
        "start-up-team": _l("Start-up team"),
        "individual-business": _l("Individual business"),
        "partnership": _l("Partnership"),
        "foreign": _l("Foreign body"),
        "public-body": _l("Public body"),
        "natural-person": _l("Natural person"),
        "other": _l("Other"),
    },
    "OrganisationRole": {
        "provider": _l("Provider of instruments"),
        "client": _l("Client"),
        "intermediary": _l("Technology intermediary"),
        "operator": _l("Platform operator"),
        "district": _l("District authority"),
    },
    "OrganisationState": {
        "applied": _l("Waiting for the operator"),
        "verified": _l("Verified"),
        "declined": _l("Declined"),
        "suspended": _l("Suspended"),
    },
    "RelationBasis": {
        "control": _l("Control or shareholding"),
        "same-representative": _l("Same legal representative"),
        "parent-and-child": _l("Parent and subsidiary"),
        "other": _l("Other relation"),
    },
}

BADGES = {
    "OrganisationState": {"applied": WAITING, "verified": GOOD, "declined": REFUSED, "suspended": REFUSED},
}

REFUSALS = {
    "uscc-needed": _l("Organisations of this kind have a unified social credit code; enter it."),
    "roles-not-offered": _l("Choose at least one of the offered roles."),
    "parent-unknown": _l("The parent is not known here or not verified yet; it has to apply first."),
    "applications-waiting": _l(
        "%(most)s of your applications are with the operator already; please wait until one is decided."
    ),
    "application-waiting": _l("Your application for this organisation is already with the operator."),
    "letter-type": _l("The letter must be a PDF, PNG or JPEG file."),
    "own-case": _l("Nobody decides about their own case; a colleague has to do this."),
    "already-decided": _l("This application has already been decided."),
    "wrong-standing": _l("This cannot be done now; the state is: %(state)s."),
    "role-not-offered": _l("An organisation with these roles has no such member role."),
    "invitation-other-address": _l(
        "The invitation was sent to another address. Add that address to your account first, or ask for a new one."
    ),
    "already-member": _l("You already have this role there."),
    "administrators-separated": _l(
        "System, security and audit administrator are three different people; you already hold one of these roles."
    ),
    "last-administrator": _l(
        "An organisation needs an administrator at any time. Invite another one first, then end this membership."
    ),
    "end-before-start": _l("The end lies before the beginning or in the past."),
    "share-needed": _l("State the share held."),
    "organisation-exists": _l("An organisation with this code is already known here."),
    "unit-exists": _l("There is already a unit with this name."),
    "unit-in-use": _l("Instruments, services or results stand under this unit; give it another name instead."),
    "administrators-apart": _l(
        "System, security and audit administrators are kept out at the shell only, by whoever runs the platform."
    ),
    "merger-incomplete": _l("A merger has both: the organisation it was merged into, and the day."),
    "merger-to-come": _l("Record a merger from its day on."),
    "circle": _l("That would put an organisation above itself."),
    "proof-type": _l("The proof must be a PDF, PNG or JPEG file."),
    "other-unknown": _l("No other organisation with this code is known here."),
    "relation-exists": _l("This relation is already recorded for that time."),
}
