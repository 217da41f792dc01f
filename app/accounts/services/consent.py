"""Agreement to the versions of the terms and the privacy notice that are in force."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.accounts.actions import UserAction
from app.accounts.models import Consent
from app.accounts.queries import consents_missing
from app.accounts.rules import documents
from app.audit import Subject, record
from app.infra.db import session


def give(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Agree to everything in force that is not agreed to yet."""
    missing = consents_missing(user_id)
    for document in missing:
        version = documents.CURRENT[document.value]
        session.add(Consent(user_id=user_id, document=document, document_version=version, given_at=now))
    session.flush()
    if missing:
        agreed = {document.value: documents.CURRENT[document.value] for document in missing}
        record(UserAction.CONSENTED, Subject("users", actor.key), actor=actor, now=now, after=agreed)
