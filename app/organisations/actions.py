"""What the audit records of organisations."""

from __future__ import annotations

from app.audit.actions import Action


class OrganisationAction(Action):
    APPLIED = "organisation.applied"
    CHANGED = "organisation.changed"
    VERIFIED = "organisation.verified"
    DECLINED = "organisation.declined"
    SUSPENDED = "organisation.suspended"
    REINSTATED = "organisation.reinstated"
    RESTRUCTURED = "organisation.restructured"


class ApplicationAction(Action):
    WITHDRAWN = "application.withdrawn"


class RelationAction(Action):
    RECORDED = "relation.recorded"
    ENDED = "relation.ended"


class UnitAction(Action):
    CREATED = "unit.created"
    CHANGED = "unit.changed"
    REMOVED = "unit.removed"


class MemberAction(Action):
    INVITED = "member.invited"
    JOINED = "member.joined"
    CHANGED = "member.changed"
    ENDED = "member.ended"
