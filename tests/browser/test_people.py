"""People and organisations in a real browser, in both languages: from signing up to a verified institution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.access import Actor, Role
from app.accounts.services import consent
from app.accounts.services.passwords import hash_of
from app.factory import create_app
from app.infra.clock import now
from app.infra.db import db, session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.organisations.models import OrganisationRole
from tests.browser.visitor import Visitor
from tests.factories.organisations import member, organisation, uscc, user
from tests.rig.site import Place

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module", autouse=True)
def behind(place: Place) -> Iterator[Flask]:
    """The same platform from inside, with an operator who may decide."""
    app = create_app("testing", SQLALCHEMY_DATABASE_URI=place.database_url, DATA_FOLDER=str(place.folder))
    with app.app_context():
        with transaction():
            clerk = user("clerk", password_hash=hash_of(PASSWORD))
            member(clerk, organisation("Operator", OrganisationRole.OPERATOR), Role.OPERATOR)
            consent.give(clerk.id, actor=Actor(user_id=clerk.id), now=now())
        yield app
        session.remove()
        db.engine.dispose()


def last_code() -> str:
    session.rollback()
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return message.secret or "" if message else ""


def send(page: Page) -> None:
    page.locator("main form button.btn-primary").first.click()


def signs_up(visitor: Visitor, address: str) -> Page:
    page = visitor.opens("/sign-up")
    page.fill("[name=name]", "李华")
    page.fill("[name=address]", address)
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agree]")
    assert visitor.barriers() == []
    visitor.keeps("sign-up")
    send(page)
    page.wait_for_url("**/verify**")
    page.fill("[name=code]", last_code())
    send(page)
    page.wait_for_url(lambda url: "/verify" not in url)
    return page


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_newcomer_brings_in_an_institution(visit: Visit, language: str, tmp_path: Path) -> None:
    visitor, letter = visit(language), tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    page = signs_up(visitor, f"li.{language.lower().replace('_', '')}@example.org")
    page.goto("/organisations/apply")
    page.fill("[name=uscc]", uscc().lower())
    page.fill("[name=name]", f"示范大学 {language}")
    page.select_option("[name=kind]", "university")
    page.check("[name=roles][value=provider]")
    assert visitor.barriers() == []
    visitor.keeps("organisation-apply")
    send(page)
    assert page.locator("[aria-invalid=true]").count() >= 1, "without the letter it stays here"
    assert page.input_value("[name=name]") == f"示范大学 {language}"
    visitor.keeps("organisation-apply-refused")
    page.set_input_files("[name=letter]", letter)
    send(page)
    page.wait_for_url("**/organisations/mine")
    verified_by_the_operator(visit, language)
    page.reload()
    page.locator("main .list-group-item a").first.click()
    assert visitor.barriers() == []
    visitor.keeps("organisation")
    page.goto("/account")
    assert visitor.barriers() == []
    visitor.keeps("account")


def verified_by_the_operator(visit: Visit, language: str) -> None:
    clerk = visit(language)
    page = clerk.signs_in("clerk@example.org", PASSWORD)
    page.goto("/applications")
    assert clerk.barriers() == []
    clerk.keeps("applications")
    page.get_by_role("link", name=f"示范大学 {language}").click()
    assert clerk.barriers() == []
    clerk.keeps("application")
    send(page)
    page.wait_for_url("**/applications")


def test_the_pages_fit_a_phone_in_the_dark(visit: Visit) -> None:
    visitor = visit(width=360, height=740)
    page = visitor.signs_in("clerk@example.org", PASSWORD)
    page.locator("button[name=theme][value=dark]").click()
    for name in ("applications", "organisations", "account"):
        visitor.opens(f"/{name}")
        assert not visitor.scrolls_sideways(), name
        assert visitor.barriers() == []
        visitor.keeps(f"{name}-phone")


def test_signing_in_refuses_without_telling_what_was_wrong(visit: Visit) -> None:
    visitor = visit("en")
    page = visitor.opens("/sign-in")
    page.fill("[name=address]", "nobody@example.org")
    page.fill("[name=password]", "whatever it may be")
    send(page)
    assert page.get_by_role("alert").is_visible()
    visitor.keeps("sign-in-refused")
