"""Words of every act that the audit records."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "Action": {
        "user.signed-up": _l("Signed up"),
        "user.verified": _l("Proved an address"),
        "user.signed-in": _l("Signed in"),
        "user.signed-out": _l("Signed out"),
        "user.changed": _l("Changed the own data"),
        "user.password-changed": _l("Changed the password"),
        "user.password-reset": _l("Reset the password"),
        "user.consented": _l("Agreed to the documents"),
        "token.created": _l("Made an API token"),
        "token.revoked": _l("Revoked an API token"),
        "organisation.applied": _l("Applied for an organisation"),
        "organisation.changed": _l("Changed an organisation"),
        "organisation.verified": _l("Verified an organisation"),
        "organisation.declined": _l("Declined an application"),
        "relation.recorded": _l("Recorded a related party"),
        "relation.ended": _l("Ended a relation"),
        "unit.created": _l("Added an evaluation unit"),
        "unit.changed": _l("Changed an evaluation unit"),
        "member.invited": _l("Invited a member"),
        "member.joined": _l("Joined an organisation"),
        "member.changed": _l("Changed a membership"),
        "member.ended": _l("Ended a membership"),
        "instrument.created": _l("Registered an instrument"),
        "instrument.changed": _l("Changed an instrument"),
        "instrument.state-changed": _l("Changed the state of an instrument"),
        "instrument.managers-changed": _l("Changed the managers of an instrument"),
        "opening.changed": _l("Changed opening hours"),
        "import.started": _l("Started an import"),
        "import.completed": _l("Completed an import"),
        "price.listed": _l("Listed a price"),
        "price.ended": _l("Ended a price"),
        "booking.requested": _l("Asked for a booking"),
        "booking.confirmed": _l("Confirmed a booking"),
        "booking.declined": _l("Declined a booking"),
        "booking.cancelled": _l("Cancelled a booking"),
        "booking.expired": _l("A booking expired"),
        "booking.guest-invited": _l("Invited a colleague to a booking"),
        "booking.started": _l("Started using"),
        "booking.stopped": _l("Stopped using"),
        "booking.no-show": _l("A booking was missed"),
        "booking.completed": _l("Confirmed completion"),
        "occupation.created": _l("Blocked time"),
        "occupation.removed": _l("Freed time"),
        "charge.posted": _l("Posted a charge"),
        "charge.invoiced": _l("Marked as invoiced"),
        "charge.received": _l("Marked as received"),
        "record.posted": _l("Posted a service record"),
        "record.entry-added": _l("Added to a service record"),
        "history.attested": _l("Attested imported history"),
        "history.verified": _l("Verified imported history"),
        "scheme.published": _l("Published a scheme"),
        "round.opened": _l("Opened a round"),
        "round.computed": _l("Computed a round"),
        "access.denied": _l("Was denied"),
        "demo.loaded": _l("Loaded the demo story"),
        "backup.restored": _l("Restored a backup"),
        "reference.noted": _l("Noted a table of reference"),
        "backup.made": _l("Made a backup"),
    },
}

REFUSALS: Mapping[str, LazyString] = {}
