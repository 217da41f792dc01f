"""Who may do what with bookings, schedules and demand."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import (
    CLIENT_APPROVER,
    CLIENT_PERSON,
    DISTRICT,
    OPERATOR,
    OWN_FOR_CLIENT,
    PROVIDER_ADMIN,
    PROVIDER_STAFF,
    Policy,
    View,
)
from app.access.predicates import Manages
from app.catalogue.permissions import InstrumentPermission


class BookingPermission(Permission):
    VIEW = "booking:view"
    CREATE = "booking:create"
    CANCEL = "booking:cancel"
    MOVE = "booking:move"
    DECIDE = "booking:decide"
    RUN = "booking:run"  # start and stop
    CONFIRM = "booking:confirm"  # the client agrees that the service was done
    INVITE = "booking:invite"


class SchedulePermission(Permission):
    MANAGE = "schedule:manage"  # the provider's timeline, staff use and maintenance


class DemandPermission(Permission):
    VIEW = "demand:view"


POLICY: Policy = {
    BookingPermission.VIEW: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,), (OPERATOR,)),
    BookingPermission.CREATE: ((CLIENT_PERSON,),),
    BookingPermission.CANCEL: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,)),
    BookingPermission.MOVE: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,)),
    BookingPermission.DECIDE: ((Manages(),), (PROVIDER_ADMIN,)),
    BookingPermission.RUN: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,)),
    BookingPermission.CONFIRM: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,)),
    BookingPermission.INVITE: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,)),
    SchedulePermission.MANAGE: ((Manages("id"),), (PROVIDER_ADMIN,)),
    DemandPermission.VIEW: ((PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
}

# Who may see the row at all: without it an act is answered as if the row were absent.
VIEW: View = {
    BookingPermission.CANCEL: BookingPermission.VIEW,
    BookingPermission.MOVE: BookingPermission.VIEW,
    BookingPermission.DECIDE: BookingPermission.VIEW,
    BookingPermission.RUN: BookingPermission.VIEW,
    BookingPermission.CONFIRM: BookingPermission.VIEW,
    BookingPermission.INVITE: BookingPermission.VIEW,
    SchedulePermission.MANAGE: InstrumentPermission.VIEW,
}
