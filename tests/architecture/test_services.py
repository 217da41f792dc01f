"""Every service that is told who acts asks whether they may, or stands here with the reason why it does not."""

from __future__ import annotations

from tests.architecture.services import authorises, taking_an_actor

BEFORE_SIGN_IN = "before anybody is signed in; codes and limits guard it"
OWN = "about the person who acts, and nobody else"
SHELL = "at the shell, by whoever runs the platform"
SECOND_HALF = "the second half of an act that another service has authorised"
CLOCK = "by the clock, about everybody alike"
BOTH_SIDES = "asks `may` for both bodies of a relation"

REVIEWED = {
    "app.accounts.services.authentication.count_code": BEFORE_SIGN_IN,
    "app.accounts.services.authentication.forget_password": BEFORE_SIGN_IN,
    "app.accounts.services.authentication.reset_password": BEFORE_SIGN_IN,
    "app.accounts.services.authentication.send_code_again": BEFORE_SIGN_IN,
    "app.accounts.services.authentication.sign_in": BEFORE_SIGN_IN,
    "app.accounts.services.authentication.sign_up": BEFORE_SIGN_IN,
    "app.accounts.services.authentication.verify": BEFORE_SIGN_IN,
    "app.accounts.services.bootstrap.create": SHELL,
    "app.accounts.services.bootstrap.set_state": "at the shell, and behind people.suspend, which authorises",
    "app.accounts.services.consent.give": OWN,
    "app.accounts.services.profile.change": OWN,
    "app.accounts.services.profile.change_password": OWN,
    "app.accounts.services.profile.finish_address_change": OWN,
    "app.accounts.services.profile.keep_language": OWN,
    "app.accounts.services.profile.start_address_change": OWN,
    "app.accounts.services.sessions.end": OWN,
    "app.accounts.services.sessions.end_present": OWN,
    "app.accounts.services.sign_in_links.send": BEFORE_SIGN_IN,
    "app.accounts.services.sign_in_links.sign_in": BEFORE_SIGN_IN,
    "app.accounts.services.tokens.create": OWN,
    "app.accounts.services.tokens.revoke": OWN,
    "app.audit.services.record": SECOND_HALF,
    "app.billing.services.post_charge": SECOND_HALF,
    "app.booking.services.check.check": SECOND_HALF,
    "app.booking.services.expiry.expire_requests": CLOCK,
    "app.booking.services.expiry.free_no_shows": CLOCK,
    "app.booking.services.request.record_unmet_demand": SECOND_HALF,
    "app.booking.services.transitions.advance": SECOND_HALF,
    "app.catalogue.services.import_runs.begin_apply": SECOND_HALF,
    "app.catalogue.services.import_runs.begin_check": SECOND_HALF,
    "app.catalogue.services.import_runs.discard": SECOND_HALF,
    "app.catalogue.services.import_runs.take_in": SECOND_HALF,
    "app.catalogue.services.reference.note_classes": SHELL,
    "app.catalogue.services.reference.note_holidays": SHELL,
    "app.evaluation.services.acts.take": SECOND_HALF,
    "app.evaluation.services.rounds.compute_round": SHELL,
    "app.evaluation.services.rounds.open_round": SHELL,
    "app.evaluation.services.rounds.record": SECOND_HALF,
    "app.evaluation.services.rounds.record_due": CLOCK,
    "app.evaluation.services.schemes.publish": SHELL,
    "app.evaluation.services.schemes.seed": SHELL,
    "app.organisations.services.applying.apply": OWN,
    "app.organisations.services.applying.take_back": OWN,
    "app.organisations.services.bootstrap.appoint": SHELL,
    "app.organisations.services.bootstrap.found": SHELL,
    "app.organisations.services.members.accept": OWN,
    "app.organisations.services.relations.end_relation": BOTH_SIDES,
    "app.organisations.services.relations.proof_of": BOTH_SIDES,
    "app.organisations.services.relations.to_end": BOTH_SIDES,
}


def test_every_service_authorises_or_says_why_not() -> None:
    silent = {name for name in taking_an_actor() if not authorises(name)}
    assert silent - set(REVIEWED) == set(), "services that nobody has reviewed"
    assert set(REVIEWED) - silent == set(), "reviewed services that are gone, or authorise by now"


def test_an_authorisation_is_found_through_calls_and_its_absence_too() -> None:
    """The negative control: what reads the code tells the two apart."""
    assert authorises("app.booking.services.approval.approve"), "by way of transitions.for_change"
    assert not authorises("app.booking.services.transitions.advance")
