"""Words of the service ledger: what is known of a service, how well, and why it does not count."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web.labels.badge import GOOD, PLAIN, REFUSED, Badge

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "RecordAction": {
        "record.posted": _l("Posted a service record"),
        "record.entry-added": _l("Added to a service record"),
    },
    "HistoryAction": {
        "history.attested": _l("Attested imported history"),
        "history.verified": _l("Verified imported history"),
    },
    "EvidenceGrade": {
        "interlock": _l("Interlock at the instrument"),
        "scan": _l("Scanned at the instrument"),
        "both-parties": _l("Both parties"),
        "campus-system": _l("The institution's own system"),
        "imported": _l("Imported history"),
        "manual": _l("Entered by hand"),
    },
    "Confirmation": {
        "none": _l("Not confirmed"),
        "client": _l("Confirmed by the client"),
        "tacit": _l("Tacitly confirmed"),
    },
    "EntryKind": {
        "confirmed": _l("Confirmed by the client"),
        "tacitly-confirmed": _l("Tacitly confirmed"),
        "invoiced": _l("Invoiced"),
        "received": _l("Received"),
        "refunded": _l("Refunded"),
        "adjusted": _l("Charge put right"),
        "voucher-deducted": _l("Voucher deducted"),
        "voucher-afterwards": _l("Voucher paid out afterwards"),
        "voucher-void": _l("Voucher void"),
    },
    "ChargeKind": {
        "service": _l("Service"),
        "no-show": _l("No-show charge"),
        "late-cancellation": _l("Late cancellation charge"),
        "damages": _l("Damages"),
        "deposit": _l("Deposit"),
        "consumables": _l("Consumables only"),
        "storage": _l("Storage only"),
    },
    "Purpose": {
        "research": _l("Research"),
        "development": _l("Technology development"),
        "teaching": _l("Teaching"),
        "other": _l("Other"),
        "statutory-test": _l("Statutory test"),
        "enforcement": _l("Law enforcement inspection"),
        "commercial-inspection": _l("Commercial or bulk inspection"),
        "filming": _l("Commercial filming"),
        "medical-care": _l("Medical care"),
        "telecom-billing": _l("Telecommunication billing"),
    },
    "Measure": {
        "count": _l("Service count"),
        "income": _l("Service income"),
        "clients": _l("Clients"),
        "hours": _l("Hours"),
    },
    "Reason": {
        "own-legal-person": _l("Own legal person"),
        "related-party": _l("Related party"),
        "excluded-purpose": _l("Purpose is not counted"),
        "cancelled": _l("Cancelled"),
        "not-a-service": _l("Not a service"),
        "free-of-charge": _l("Free of charge"),
        "net-refunded": _l("Refunded"),
        "unpaid": _l("Payment not received"),
        "unconfirmed": _l("Not confirmed by the client"),
        "tacitly-confirmed": _l("Only tacitly confirmed"),
        "evidence-not-admitted": _l("This grade of evidence is not admitted"),
        "not-attested": _l("Not attested by the provider"),
        "not-verified": _l("Not verified by the operator"),
        "below-minimum-amount": _l("Below the minimum amount"),
        "below-posted-price": _l("Far below the posted price"),
        "parties-differ": _l("Contract, invoice and payment name different parties"),
        "claimed-elsewhere": _l("Claimed under another clause"),
        "client-not-a-body": _l("The client is not a legal person or other organisation"),
        "split-order": _l("Part of a job that counts once"),
        "other-year": _l("Counts in another year"),
        "no-substance": _l("Too short to be a service"),
        "changed-later": _l("Counted in an earlier year and changed since"),
        "counted-before": _l("Counted in an earlier year"),
        "excluded-before": _l("Excluded for good by an earlier year"),
    },
    "HistoryStep": {"attested": _l("Attested by the provider"), "verified": _l("Verified by the operator")},
    "RowFate": {"new": _l("New"), "same": _l("Already in the ledger"), "refused": _l("Refused")},
    "HistoryField": {
        "key": _l("Record number"),
        "instrument": _l("Instrument"),
        "client": _l("Client"),
        "user": _l("User"),
        "booked_from": _l("Booked from"),
        "booked_until": _l("Booked until"),
        "used_from": _l("Used from"),
        "used_until": _l("Used until"),
        "charged": _l("Amount charged"),
        "order": _l("Order or contract number"),
        "purpose": _l("Purpose of use"),
        "rating": _l("Rating"),
        "confirmed_on": _l("Confirmed on"),
        "invoiced_on": _l("Invoiced on"),
        "received_on": _l("Received on"),
    },
    "Clock": {
        "offset-required": _l("Every time names its offset"),
        "shanghai": _l("Beijing time where no offset is named"),
        "utc": _l("UTC where no offset is named"),
    },
}

BADGES: Mapping[str, Mapping[str, Badge]] = {
    "RowFate": {"new": GOOD, "same": PLAIN, "refused": REFUSED},
}

REFUSALS: Mapping[str, LazyString] = {
    "entry-kind-unknown": _l("The ledger knows no entry of the kind %(kind)s."),
    "entry-details": _l("The entry lacks %(detail)s, or it is not what this kind of entry holds."),
    "entry-amount": _l("An entry of this kind has another kind of amount."),
    "no-listed-price": _l(
        "No price of that day is listed for this client; bring in the amount, or list a price first."
    ),
    "history-not-complete": _l("The import is not complete yet."),
    "attested-already": _l("This has been attested already."),
    "verified-already": _l("This has been verified already."),
    "not-attested-yet": _l("The provider has not attested this import yet."),
    "verifier-related": _l("Who verifies must be unrelated to the provider; another operator has to do it."),
    "verifier-same-person": _l("Who brought the list in or attested it cannot verify it."),
    "time-unreadable": _l("“%(text)s” cannot be read as a time."),
    "purpose-unknown": _l("“%(text)s” is no purpose known here; write research, development, teaching or other."),
    "rating-unreadable": _l("“%(text)s” is not a rating from 1 to 5."),
    "used-outside-booking": _l("The use does not touch the time booked."),
    "papers-out-of-order": _l("The dates of confirmation, invoice and receipt are out of sequence."),
    "unknown-instrument": _l("The instrument “%(text)s” is not registered under this provider."),
    "unknown-client": _l("The client “%(text)s” is not known here."),
    "key-repeated": _l("The record number already stands in line %(line)s."),
    "instrument-taken": _l("The instrument was already in use from %(since)s to %(until)s."),
}
