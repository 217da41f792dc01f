"""The shell around every page: who gets in, which headers go out, what an error keeps."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.access import PUBLIC, SIGNED_IN
from app.accounts.models import ApiToken, User
from app.infra.db import session
from app.infra.idempotency import IdempotencyKey
from app.infra.transactions import transaction
from app.web import GuardedBlueprint
from app.web.listing_export import write_xlsx
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token, send
from tests.factories.signing_in import signed_in

TOKEN = {"name": "mine", "scopes": "booking:read", "days": "30"}


def test_a_route_without_a_permission_does_not_register() -> None:
    room = GuardedBlueprint("bare", __name__)
    with pytest.raises(TypeError, match="declares no permission"):
        room.get("/bare")
    with pytest.raises(TypeError, match="declares no permission"):
        room.add_url_rule("/bare", view_func=lambda: "")


def test_one_endpoint_has_one_permission() -> None:
    room = GuardedBlueprint("two", __name__)
    view = lambda: ""  # noqa: E731
    room.add_url_rule("/a", "same", view, permission=PUBLIC)
    room.add_url_rule("/b", "same", view, permission=SIGNED_IN)
    with pytest.raises(AssertionError, match="overwriting"):
        Flask(__name__).register_blueprint(room)


def test_nobody_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/account/tokens?page=2").location == "/sign-in?next=/account/tokens?page%3D2"


def test_a_script_of_nobody_gets_401(client: FlaskClient) -> None:
    assert client.get("/account", headers={"HX-Request": "true"}).status_code == 401
    answer = client.get("/account", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["status"]) == (401, 401)


def test_who_may_it_nowhere_is_stopped_at_the_door(app: Flask, cast: Cast) -> None:
    assert signed_in(app, cast.researcher).get("/applications").status_code == 403


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/account", "/static/none.css", "/institutions?format=csv"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert len(headers["X-Request-Id"]) == 16
    assert "Strict-Transport-Security" not in headers
    assert "Strict-Transport-Security" in client.get(path, base_url="https://localhost").headers


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("Cache-Control", "no-store"),
    ],
)
def test_each_header_says_what_was_decided(client: FlaskClient, name: str, wanted: str) -> None:
    for path in ("/", "/no-such-page", "/api/v1/bookings"):
        assert client.get(path, base_url="https://localhost").headers.getlist(name) == [wanted], path


@pytest.mark.parametrize(
    "directive",
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ],
)
def test_each_directive_of_the_content_policy_stands(client: FlaskClient, directive: str) -> None:
    assert directive in client.get("/").headers["Content-Security-Policy"].split("; ")


def test_a_request_id_sent_by_a_client_is_not_believed(client: FlaskClient) -> None:
    assert client.get("/", headers={"X-Request-Id": "0" * 16}).headers["X-Request-Id"] != "0" * 16


def test_a_form_from_another_site_is_refused_even_with_a_token(client: FlaskClient) -> None:
    body = {"csrf_token": csrf_token(client), "theme": "dark"}
    assert client.post("/theme", data=body, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/theme", data=body, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/theme", data=body, headers={"Origin": "http://localhost"}).status_code == 302


def test_a_form_without_its_token_comes_back_with_everything_typed(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    answer = client.post("/account/tokens", data={**TOKEN, "name": "很长的<b>说明</b>", "password": "a secret of mine"})
    assert answer.status_code == 400
    assert 'name="name" value="很长的&lt;b&gt;说明&lt;/b&gt;"' in answer.text
    assert "a secret of mine" not in answer.text
    assert 'name="csrf_token"' in answer.text
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 0


def test_who_was_signed_out_meanwhile_keeps_what_was_typed(client: FlaskClient) -> None:
    answer = send(client, "/account/tokens", **TOKEN)
    assert (answer.status_code, 'value="mine"' in answer.text) == (401, True)


def test_the_same_form_sent_twice_takes_effect_once(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    answers = [send(client, "/account/tokens", **TOKEN, idempotency_key="one key") for _ in range(2)]
    assert [answer.location for answer in answers] == ["/account/tokens"] * 2
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 1
    other = send(client, "/account/tokens", **{**TOKEN, "name": "other"}, idempotency_key="one key")
    assert other.status_code == 422


def test_without_the_key_it_would_take_effect_twice(app: Flask, cast: Cast) -> None:
    """Negative control."""
    client = signed_in(app, cast.researcher)
    for _ in range(2):
        send(client, "/account/tokens", **TOKEN, idempotency_key="")
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 2
    assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


def test_the_language_switch_is_kept_for_the_person_and_never_leads_away(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    assert send(client, "/language", language="en", back="//evil.example").location == "/"
    assert 'lang="en"' in client.get("/account").text
    session.rollback()
    assert session.get_one(User, cast.researcher.id).language == "en"
    for wrong in ({"language": "xx"}, {}):
        answer = send(client, "/language", **wrong)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (400, False)


def test_only_a_known_look_is_kept(client: FlaskClient) -> None:
    for wrong in ({"theme": "dark; x"}, {}):
        answer = send(client, "/theme", **wrong)
        assert (answer.status_code, "theme" in answer.headers.get("Set-Cookie", "")) == (400, False)
    assert "theme=dark" in send(client, "/theme", theme="dark").headers["Set-Cookie"]


def test_this_browser_speaks_first_then_the_account_then_chinese(app: Flask, cast: Cast) -> None:
    with transaction():
        session.get_one(User, cast.researcher.id).language = "en"
    client = signed_in(app, cast.researcher)
    assert 'lang="en"' in client.get("/account").text
    client.set_cookie("language", "zh_CN")
    assert 'lang="zh-CN"' in client.get("/account").text
    client.set_cookie("language", "xx")  # no language at all counts as none
    assert 'lang="en"' in client.get("/account").text
    assert 'lang="zh-CN"' in app.test_client().get("/sign-in").text


def test_the_language_of_the_account_page_is_that_of_the_next_page(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    client.set_cookie("language", "zh_CN")
    assert send(client, "/account", name="Li Hua", language="en", version="1").status_code == 302
    assert 'lang="en"' in client.get("/account").text


def test_a_smuggled_field_changes_nothing(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    smuggled = {
        "name": "New",
        "language": "en",
        "version": "1",
        "state": "suspended",
        "email": "x@example.org",
        "role": "operator",
    }
    assert send(client, "/account", **smuggled).status_code == 302
    session.rollback()
    user = session.get_one(User, cast.researcher.id)
    assert (user.name, user.email, user.state) == ("New", "researcher@example.org", "active")


def test_a_stale_form_is_refused_with_what_was_typed(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    assert send(client, "/account", name="First", language="en", version="1").status_code == 302
    answer = send(client, "/account", name="Second", language="en", version="1")
    assert (answer.status_code, 'value="Second"' in answer.text) == (409, True)


ODD = (
    "page=99999999999999999999",
    "page=-1",
    "page=x",
    "sort=password_hash",
    "q=%00",
    "q=%25",
    "q=%ED%A0%80",
    "kind=x",
)


@pytest.mark.parametrize("query", ODD)
def test_a_list_bears_any_query(client: FlaskClient, cast: Cast, query: str) -> None:
    assert client.get(f"/institutions?{query}").status_code == 200


def test_a_list_as_xlsx(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/institutions?format=xlsx")
    assert answer.data.startswith(b"PK")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_control_characters_do_not_break_a_spreadsheet() -> None:
    """They can be typed and stored, and no XML file may hold them."""
    file = io.BytesIO()
    write_xlsx(file, [["a\x01b\x0b\uffff\tc", Decimal("1.5"), None, 7]])
    sheet = load_workbook(file).active
    assert sheet is not None
    assert next(iter(sheet.values)) == ("ab\tc", 1.5, None, 7)


@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://localhost{page}/opening?x=1", "{page}/opening?x=1"),
        ("http://localhost{page}/component", "/"),
        ("http://elsewhere.invalid/institutions", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_switching_language_after_a_refusal_comes_back_to_a_page_that_opens(
    app: Flask, cast: Cast, sent_from: str, back: str
) -> None:
    client, page = signed_in(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    refused = client.post(
        f"{page}/component", headers={"Referer": sent_from.format(page=page)}, data={"csrf_token": csrf_token(client)}
    )
    assert refused.status_code == 422
    assert f'name="back" value="{back.format(page=page)}"' in refused.text


def test_no_form_has_a_hundred_thousand_fields(client: FlaskClient) -> None:
    """Without a token it would be written out again as a form to send anew, a megabyte in and sixteen out."""
    kind = "application/x-www-form-urlencoded"
    assert client.post("/sign-in", data="a=&" * 999, content_type=kind).status_code == 400
    refused = client.post("/sign-in", data="a=&" * 100_000, content_type=kind)
    assert (refused.status_code, len(refused.data) < 20_000) == (413, True)
