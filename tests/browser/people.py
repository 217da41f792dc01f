"""The constant cast with passwords, in the database of a platform that is served to the browser."""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.accounts.models import Consent, Document, User
from app.accounts.rules.documents import CURRENT
from app.accounts.services.passwords import hash_of
from app.catalogue.models import Instrument
from app.factory import create_app
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.factories.cast import Cast, gather
from tests.factories.organisations import BORN
from tests.rig.site import Place

PASSWORD = "seven pears on the table"


@dataclass(frozen=True)
class People:
    """What a browser test needs to know of the cast: mail addresses by role, public ids of instruments."""

    addresses: dict[str, str]
    instruments: dict[str, str]


def settle(place: Place) -> People:
    app = create_app("testing", SQLALCHEMY_DATABASE_URI=place.database_url, DATA_FOLDER=str(place.folder))
    with app.app_context(), transaction():
        cast = gather()
        named = {field.name: getattr(cast, field.name) for field in fields(Cast)}
        users = {name: row for name, row in named.items() if isinstance(row, User)}
        password_hash = hash_of(PASSWORD)
        for user in users.values():
            user.password_hash = password_hash
            agree(user)
        people = People(
            {name: str(user.email) for name, user in users.items()},
            {name: row.public_id for name, row in named.items() if isinstance(row, Instrument)},
        )
    with app.app_context():
        db.engine.dispose()
    return people


def agree(user: User) -> None:
    for document in Document:
        version = CURRENT[document.value]
        session.add(Consent(user_id=user.id, document=document, document_version=version, given_at=BORN))
