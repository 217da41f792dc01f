"""What each message says. Subjects are one line; bodies are plain text."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Notice(StrEnum):
    """Every kind of message the platform sends."""

    VERIFICATION_CODE = "verification-code"
    ALREADY_SIGNED_UP = "already-signed-up"
    RESET_CODE = "reset-code"
    SIGN_IN_LINK = "sign-in-link"
    PASSWORD_CHANGED = "password-changed"
    ADDRESS_CHANGED = "address-changed"
    MEMBER_INVITED = "member-invited"
    ORGANISATION_VERIFIED = "organisation-verified"
    ORGANISATION_DECLINED = "organisation-declined"
    ORGANISATION_SUSPENDED = "organisation-suspended"
    ORGANISATION_REINSTATED = "organisation-reinstated"
    PERSON_SUSPENDED = "person-suspended"
    PERSON_REINSTATED = "person-reinstated"
    BOOKING_REQUESTED = "booking-requested"
    BOOKING_APPROVED = "booking-approved"
    BOOKING_DECLINED = "booking-declined"
    BOOKING_EXPIRED = "booking-expired"
    BOOKING_CANCELLED = "booking-cancelled"
    BOOKING_MOVED = "booking-moved"
    BOOKING_MISSED = "booking-missed"
    BOOKING_GUEST_INVITED = "booking-guest-invited"
    BOOKING_GUEST_REMOVED = "booking-guest-removed"
    SERVICE_ENDED = "service-ended"


TEXTS: Mapping[Notice, tuple[LazyString, LazyString]] = {
    Notice.VERIFICATION_CODE: (
        _l("Your verification code: %(secret)s"),
        _l(
            "Your code is %(secret)s. It is good for %(minutes)s minutes. "
            "If you did not ask for it, ignore this message."
        ),
    ),
    Notice.ALREADY_SIGNED_UP: (
        _l("You already have an account"),
        _l(
            "Somebody, perhaps you, tried to sign up with this address. You already have an account: "
            "sign in, or reset your password if you have forgotten it."
        ),
    ),
    Notice.RESET_CODE: (
        _l("Code to set a new password: %(secret)s"),
        _l(
            "Your code to set a new password is %(secret)s. It is good for %(minutes)s minutes. If you "
            "did not ask for it, somebody may be trying your account; your password is unchanged."
        ),
    ),
    Notice.SIGN_IN_LINK: (
        _l("Your link to sign in"),
        _l(
            "Open this address to sign in; it works once and is good for %(minutes)s minutes: %(secret)s If you did "
            "not ask for it, somebody entered your address; nothing has happened to your account."
        ),
    ),
    Notice.PASSWORD_CHANGED: (
        _l("Your password was changed"),
        _l(
            "The password of your account was changed and all other sign-ins were ended. API tokens keep "
            "working: revoke those you do not know. If this was not you, reset your password at once and "
            "tell the operator."
        ),
    ),
    Notice.ADDRESS_CHANGED: (
        _l("Your sign-in address was changed"),
        _l(
            "Your account is from now on signed in to with another address instead of this one. If this was not "
            "you, tell the operator at once."
        ),
    ),
    Notice.MEMBER_INVITED: (
        _l("Invitation to join %(organisation)s"),
        _l(
            "%(inviter)s invites you to join %(organisation)s as %(role)s. Open this address while "
            "signed in to accept; it is good for %(days)s days: %(secret)s"
        ),
    ),
    Notice.ORGANISATION_VERIFIED: (
        _l("%(organisation)s has been verified"),
        _l("The operator has verified %(organisation)s. You are its administrator and may now invite members."),
    ),
    Notice.ORGANISATION_DECLINED: (
        _l("The application for %(organisation)s was declined"),
        _l(
            "The operator has declined the application for %(organisation)s for this reason: "
            "%(reason)s. You may correct it and apply again."
        ),
    ),
    Notice.ORGANISATION_SUSPENDED: (
        _l("%(organisation)s has been suspended"),
        _l(
            "The operator has suspended %(organisation)s for this reason: %(reason)s. What is booked stays "
            "booked; nothing new can be done on its behalf until it is reinstated. Answer the operator to object."
        ),
    ),
    Notice.ORGANISATION_REINSTATED: (
        _l("%(organisation)s has been reinstated"),
        _l("The operator has reinstated %(organisation)s: %(reason)s. Everything can be used as before."),
    ),
    Notice.PERSON_SUSPENDED: (
        _l("Your account has been suspended"),
        _l("The operator has suspended your account for this reason: %(reason)s. Answer the operator to object."),
    ),
    Notice.PERSON_REINSTATED: (
        _l("Your account can be used again"),
        _l("The operator has reinstated your account. Sign in as before."),
    ),
    Notice.BOOKING_REQUESTED: (
        _l("%(client)s asks for %(instrument)s, %(time)s"),
        _l(
            "%(client)s asks for %(instrument)s, %(time)s (booking %(number)s). The request holds no time "
            "until somebody approves it: decide under Approvals."
        ),
    ),
    Notice.BOOKING_APPROVED: (
        _l("Approved: %(instrument)s, %(time)s"),
        _l("Your booking %(number)s of %(instrument)s, %(time)s, has been approved. The time is yours."),
    ),
    Notice.BOOKING_DECLINED: (
        _l("Declined: %(instrument)s, %(time)s"),
        _l("Your request %(number)s for %(instrument)s, %(time)s, was declined for this reason: %(reason)s"),
    ),
    Notice.BOOKING_EXPIRED: (
        _l("Nobody decided in time: %(instrument)s, %(time)s"),
        _l(
            "Nobody decided about your request %(number)s for %(instrument)s, %(time)s, before its start. It "
            "has expired; please choose another time."
        ),
    ),
    Notice.BOOKING_CANCELLED: (
        _l("Cancelled: %(instrument)s, %(time)s"),
        _l("Booking %(number)s of %(instrument)s, %(time)s, for %(client)s was cancelled. Reason: %(reason)s"),
    ),
    Notice.BOOKING_MOVED: (
        _l("Moved: %(instrument)s, now %(time)s"),
        _l("Booking %(number)s of %(instrument)s for %(client)s was moved and is now at %(time)s. %(reason)s"),
    ),
    Notice.BOOKING_MISSED: (
        _l("Nobody came: %(instrument)s, %(time)s"),
        _l(
            "Nobody started booking %(number)s of %(instrument)s, %(time)s, in time. The rest of the time is "
            "free for others; the booked time is charged as the rules of the instrument say."
        ),
    ),
    Notice.BOOKING_GUEST_INVITED: (
        _l("You are invited to %(instrument)s, %(time)s"),
        _l("A colleague takes you along to booking %(number)s of %(instrument)s, %(time)s."),
    ),
    Notice.BOOKING_GUEST_REMOVED: (
        _l("No longer invited: %(instrument)s, %(time)s"),
        _l("Your invitation to booking %(number)s of %(instrument)s, %(time)s, was taken back; you need not come."),
    ),
    Notice.SERVICE_ENDED: (
        _l("Please confirm: %(instrument)s, %(time)s"),
        _l(
            "The use of %(instrument)s, %(time)s (booking %(number)s), has ended. Please confirm on the page of the "
            "booking that the service was done, and rate it."
        ),
    ),
}


def written(notice: Notice, language: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body in `language`; line breaks in a subject would let text become mail headers."""
    with force_locale(language):
        subject, body = (str(text) % dict(params) for text in TEXTS[notice])
    return " ".join(subject.split()), body
