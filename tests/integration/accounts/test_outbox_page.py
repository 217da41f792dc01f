"""The operator sees that a message went and roughly to whom, and neither whom to call nor what it said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.infra import outbox
from app.infra.outbox import HIDDEN, Channel, Message
from app.infra.transactions import transaction
from tests.factories.cast import Cast
from tests.factories.signing_in import signed_in_english


@pytest.mark.parametrize("form", ["", "?format=csv"])
def test_addresses_are_masked_and_found_whole_only(app: Flask, cast: Cast, now: datetime, form: str) -> None:
    until = now + timedelta(minutes=15)
    with transaction():
        for channel, to in ((Channel.SMS, "13812345678"), (Channel.MAIL, "li.hua@example.org")):
            outbox.post(Message(channel, to, HIDDEN, HIDDEN, None, "987654", until), now=now)
    client = signed_in_english(app, cast.clerk)
    page = client.get(f"/operation/outbox{form}").get_data(as_text=True)
    assert ("138****5678" in page, "l***@example.org" in page) == (True, True)
    for whole in ("13812345678", "li.hua", "987654"):
        assert whole not in page
    assert "138****5678" in client.get("/operation/outbox?q=138 1234 5678").text
    assert "138****5678" not in client.get("/operation/outbox?q=1381234567").text
