"""The audit page: for the audit administrator alone, with names looked up and nothing personal in the chain."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.services import commitment
from app.catalogue.models import InstrumentState
from app.catalogue.services import instruments
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token, send
from tests.factories.signing_in import signed_in, signed_in_english


def test_every_change_is_found_with_who_did_it(app: Flask, cast: Cast) -> None:
    send(signed_in(app, cast.researcher), "/account", name="Li Hua", language="en", version="1")
    auditor = signed_in(app, cast.auditor)
    page = auditor.get("/operation/audit?action=user.changed").text
    assert "Li Hua" in page
    assert cast.researcher.public_id in page
    assert '<td data-label="操作">登录</td>' not in page
    found = auditor.get(f"/operation/audit?q={cast.researcher.public_id}&since=1").text
    assert "Li Hua" in found


def test_it_is_searched_by_person_and_shows_what_changed(app: Flask, cast: Cast) -> None:
    send(signed_in(app, cast.researcher), "/language", language="en")
    auditor = signed_in(app, cast.auditor)
    for words in (cast.researcher.name, "researcher@example", f"user:{cast.researcher.id}"):
        assert "zh_CN → en" in auditor.get(f"/operation/audit?q={words}&action=user.changed").text
    assert "zh_CN → en" not in auditor.get("/operation/audit?q=colleague").text


def test_it_is_searched_by_where_it_was_done_from(app: Flask, cast: Cast) -> None:
    here, there = ({"REMOTE_ADDR": address} for address in ("203.0.113.7", "203.0.113.70"))
    for who, environ in ((cast.researcher, here), (cast.colleague, there)):
        client = signed_in(app, who)
        data = {"csrf_token": csrf_token(client), "language": "en"}
        client.post("/language", data=data, environ_overrides=environ)
    auditor = signed_in(app, cast.auditor)
    found = auditor.get("/operation/audit?q=203.0.113.7&action=user.changed").text
    assert (cast.researcher.public_id in found, cast.colleague.public_id in found) == (True, False)
    mark = commitment("203.0.113.70")[:10]
    found = auditor.get(f"/operation/audit?q={mark}&action=user.changed").text
    assert (mark in found, cast.researcher.public_id in found, cast.colleague.public_id in found) == (True, False, True)


def test_only_the_audit_administrator_reads_it(app: Flask, cast: Cast) -> None:
    for who in (cast.clerk, cast.officer, cast.keeper, cast.administrator, cast.researcher):
        assert signed_in(app, who).get("/operation/audit").status_code == 403


def test_the_chain_holds_no_personal_data(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    person = {"name": "Wang Xiaoming", "address": "wang@example.org", "password": "correct horse battery staple"}
    send(client, "/sign-up", **person, agree="y")
    send(signed_in(app, cast.researcher), "/account", name="Zhao Secret", language="en", version="1")
    session.rollback()
    everything = json.dumps([[e.before, e.after, e.subject_id] for e in session.scalars(select(AuditEntry))])
    for personal in ("Wang", "wang@", "Zhao", "researcher@"):
        assert personal not in everything


def test_an_instrument_is_found_by_name_and_number_and_fields_by_their_labels(
    app: Flask, cast: Cast, now: datetime
) -> None:
    change = {"name": "Renamed microscope", "town": "Shahe"}
    with transaction():
        cast.microscope.state = InstrumentState.DRAFT
    with transaction():
        row = cast.microscope
        instruments.change(row.public_id, change, version=None, actor=acting(cast.administrator), now=now)
    auditor = signed_in_english(app, cast.auditor)
    session.expire_all()
    for words in ("renamed micro", cast.microscope.inner_id):
        found = auditor.get(f"/operation/audit?q={words}&action=instrument.changed").text
        assert (cast.microscope.public_id in found, "Town: " in found) == (True, True)
        assert f"Instrument {cast.microscope.public_id}" in found
    other = auditor.get("/operation/audit?q=no+such+instrument&action=instrument.changed").text
    assert cast.microscope.public_id not in other
