"""Every act that needs leave, in one documented list."""

from __future__ import annotations

from enum import StrEnum

PUBLIC = "public"  # anybody, signed in or not
SIGNED_IN = "signed-in"  # any person, about themselves


class Permission(StrEnum):
    """`<resource>:<act>`; the policy says who."""

    INSTRUMENT_VIEW = "instrument:view"
    INSTRUMENT_CREATE = "instrument:create"
    INSTRUMENT_CHANGE = "instrument:change"
    INSTRUMENT_IMPORT = "instrument:import"

    PRICE_CHANGE = "price:change"

    BOOKING_VIEW = "booking:view"
    BOOKING_CREATE = "booking:create"
    BOOKING_CANCEL = "booking:cancel"
    BOOKING_MOVE = "booking:move"
    BOOKING_DECIDE = "booking:decide"
    BOOKING_RUN = "booking:run"  # start and stop
    BOOKING_CONFIRM = "booking:confirm"  # the client agrees that the service was done
    BOOKING_INVITE = "booking:invite"
    SCHEDULE_MANAGE = "schedule:manage"  # the provider's timeline, staff use and maintenance

    CHARGE_VIEW = "charge:view"
    CHARGE_MARK = "charge:mark"

    RECORD_VIEW = "record:view"
    HISTORY_IMPORT = "history:import"
    HISTORY_ATTEST = "history:attest"
    HISTORY_VERIFY = "history:verify"

    RESULT_VIEW = "result:view"
    SCOREBOARD_VIEW = "scoreboard:view"
    ROUND_COMPUTE = "round:compute"

    ORGANISATION_VIEW = "organisation:view"
    ORGANISATION_CHANGE = "organisation:change"
    ORGANISATION_VERIFY = "organisation:verify"
    MEMBER_MANAGE = "member:manage"

    PERSON_SUSPEND = "person:suspend"  # keep a person out of the platform, or let them in again

    DEMAND_VIEW = "demand:view"
    TASK_VIEW = "task:view"
    AUDIT_SEARCH = "audit:search"
    OPERATION_VIEW = "operation:view"  # health, jobs, outbox

    @property
    def scope(self) -> str:
        """The scope an API token needs for it."""
        resource, act = self.value.split(":")
        return f"{resource}:{'read' if act in {'view', 'search'} else 'write'}"


# What a token can be given: no more than the API has endpoints for (tests/architecture/test_pages.py compares).
SCOPES = ("instrument:read", "instrument:write", "booking:read", "booking:write", "record:read", "result:read")
