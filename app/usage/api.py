"""Start, stop and confirmation for programs."""

from __future__ import annotations

from typing import Annotated

from flask_babel import lazy_gettext as _l
from pydantic import Field

from app.api import ApiBlueprint
from app.api.blueprint import ApiResponse
from app.api.operations import Versions
from app.api.schemas import Body, Instant, Paragraph
from app.booking.api import BookingOut, booking_response
from app.booking.permissions import BookingPermission
from app.usage import services
from app.web.current import current_actor, now

api = ApiBlueprint("usage_api", __name__)


class StopIn(Body):
    """Without `ended_at` the use ends now; an earlier end that was forgotten may be named."""

    ended_at: Instant | None = None


class ConfirmIn(Body):
    rating: Annotated[int, Field(ge=1, le=5)]
    comment: Paragraph = ""


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/start",
    permission=BookingPermission.RUN,
    summary=_l("Begin the use"),
    answer=BookingOut,
    versions=Versions.OPTIONAL,
)
def start(booking: str, version: int | None) -> ApiResponse:
    return booking_response(services.start(booking, version=version, actor=current_actor(), now=now()))


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/stop",
    permission=BookingPermission.RUN,
    summary=_l("End the use; record and charge follow"),
    answer=BookingOut,
    body=StopIn,
    versions=Versions.OPTIONAL,
)
def stop(booking: str, body: StopIn, version: int | None) -> ApiResponse:
    return booking_response(
        services.stop(booking, ended_at=body.ended_at, version=version, actor=current_actor(), now=now())
    )


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/confirm",
    permission=BookingPermission.CONFIRM,
    summary=_l("The client confirms that the service was done, with 1 to 5"),
    answer=BookingOut,
    body=ConfirmIn,
    versions=Versions.OPTIONAL,
)
def confirm(booking: str, body: ConfirmIn, version: int | None) -> ApiResponse:
    return booking_response(
        services.confirm(booking, body.rating, body.comment, version=version, actor=current_actor(), now=now())
    )
