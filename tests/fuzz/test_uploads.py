"""Files nobody should send, at every page that takes one: refused in words, nothing written, nothing unpacked."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.catalogue.models import ImportRow, ImportRun
from app.catalogue.services import imports, tables
from app.infra import tasks
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.transactions import transaction
from app.kernel.errors import Refused
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token, send
from tests.factories.signing_in import signed_in
from tests.fuzz.forms import forms_of
from tests.fuzz.traces import contents

PAGES = ("/manage/imports", "/manage/history")
TABLE = "编号,名称\nA-1,电镜\n".encode()


def spreadsheet(rows: int = 3) -> bytes:
    book, data = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for number in range(rows):
        sheet.append([f"A{number}", "电镜", number])
    book.save(data)
    return data.getvalue()


def bomb(named: str = "xl/worksheets/sheet1.xml") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(named, b"0" * (64 << 20))
    return packed.getvalue()


def replaced(part: str, text: bytes) -> bytes:
    """A spreadsheet with one of its parts exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(spreadsheet())) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in whole.namelist():
            parts.writestr(name, text if name == part else whole.read(name))
    return out.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
SHEET = "xl/worksheets/sheet1.xml"
FILES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "no rows below its header", "表头之下没有数据行"),
    "header only": ("编号,名称\n".encode(), "no rows below its header", ""),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "upload CSV or XLSX", "CSV 或 XLSX"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "upload CSV or XLSX", ""),
    "truncated": (TABLE[:-3], "upload it again whole", "完整"),
    "open quote": (b'a,b\n1,"never closed', "upload it again whole", ""),
    "stray quote": (b'a,b\n1,"x"y\n', "In line 2 a quotation mark", ""),
    "no encoding": (b"a,b\n\xff\xff,\x81\x00", "upload CSV or XLSX", ""),
    "long cell": (b"a,b\n1," + b"x" * 20_000, "Line 2 has a cell", ""),
    "long name": (b"(" * 20_000 + b",b\n1,2\n", "Line 1 has a cell", ""),
    "many columns": (b",".join(b"c%d" % n for n in range(500)) + b"\n1\n", "columns", ""),
    "bomb": (bomb(), "unpacks", "解压"),
    "half a spreadsheet": (spreadsheet()[:-400], "upload it again whole", ""),
    "no spreadsheet in it": (bomb("readme.txt")[:0] + replaced("xl/workbook.xml", b"x"), "upload CSV or XLSX", ""),
    "broken sheet": (replaced(SHEET, b"<worksheet><sheetData><row><c>"), "upload CSV or XLSX", ""),
    "a billion laughs": (replaced(SHEET, LAUGHS + b"]><worksheet>&j;</worksheet>"), "upload CSV or XLSX", ""),
    "a foreign entity": (
        replaced(SHEET, b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'),
        "CSV",
        "",
    ),
}


@pytest.fixture
def browser(app: Flask, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.administrator)


def upload(browser: FlaskClient, page: str, provider: str, data: bytes, name: str = "list.csv") -> TestResponse:
    fields = {"csrf_token": csrf_token(browser), "provider": provider, "table": (io.BytesIO(data), name)}
    return browser.post(page, data=fields, content_type="multipart/form-data")


@pytest.mark.parametrize("page", PAGES)
def test_no_table_is_refused_in_words_and_leaves_nothing(browser: FlaskClient, cast: Cast, page: str) -> None:
    before, provider = contents(), cast.university.public_id
    for what, (data, english, chinese) in FILES.items():
        for language, words in (("en", english), ("zh_CN", chinese)):
            browser.set_cookie("language", language)
            refused = upload(browser, page, provider, data)
            assert (refused.status_code, words in refused.text) == (422, True), (what, language)
            assert next(f for _p, f in forms_of(page, refused.text) if "provider" in f)["provider"] == provider
    assert contents() == before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_a_real_list_is_read(browser: FlaskClient, cast: Cast, page: str, encoding: str) -> None:
    sent = upload(browser, page, cast.university.public_id, TABLE.decode().encode(encoding))
    assert sent.status_code == 302
    assert "编号" in browser.get(sent.location).text


@pytest.mark.parametrize(
    "name", ["a\0b.csv", "a\r\nSet-Cookie: x=1.csv", "../../etc/passwd", "..", '"; x="', "<b>名单</b>.csv", "x" * 999]
)
def test_odd_file_names_are_only_names(browser: FlaskClient, cast: Cast, name: str) -> None:
    quoted = name.replace('"', "%22").encode()
    body = b"".join(
        (
            b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + csrf_token(browser).encode(),
            b'\r\n--b\r\nContent-Disposition: form-data; name="provider"\r\n\r\n' + cast.university.public_id.encode(),
            b'\r\n--b\r\nContent-Disposition: form-data; name="table"; filename="' + quoted + b'"\r\n\r\n' + TABLE,
            b"\r\n--b--\r\n",
        )
    )
    sent = browser.post("/manage/imports", data=body, content_type="multipart/form-data; boundary=b")
    assert sent.status_code in {302, 400, 422}
    kept = session.scalars(select(StoredFile.name)).all()
    assert all(one.isprintable() and "/" not in one and len(one) <= 200 for one in kept)
    assert "<b>" not in browser.get("/manage/imports").text


def test_a_letter_never_runs_where_it_is_shown(app: Flask, cast: Cast) -> None:
    fields = {"name": "Team", "kind": "start-up-team", "roles": "client"}
    applicant = signed_in(app, cast.researcher)
    page = (io.BytesIO(b"<script>alert(1)</script>"), "letter.pdf")
    assert send(applicant, "/organisations/apply", **fields, letter=page).status_code == 422
    disguised = (io.BytesIO(b"%PDF-1.7 <script>alert(1)</script>"), 'letter".html')
    assert send(applicant, "/organisations/apply", **fields, letter=disguised).status_code == 302
    operator = signed_in(app, cast.clerk)
    listed = operator.get("/applications").text
    where = listed.partition("/applications/")[2].partition('"')[0]
    shown = operator.get(f"/applications/{where}/letter")
    assert shown.content_type == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert (shown.headers["X-Content-Type-Options"], shown.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert applicant.get(f"/applications/{where}/letter").status_code == 403


def test_damaged_spreadsheets_are_read_or_refused(app: Flask) -> None:
    """Single bytes changed at random, always the same ones."""
    whole, chance = spreadsheet(), random.Random(7)
    outcomes = set()
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        try:
            tables._from_xlsx(bytes(data))
            outcomes.add("read")
        except Refused as refused:
            outcomes.add(refused.refusals[0].code)
    assert {"file-binary", "file-truncated"} <= outcomes


def test_too_many_rows_are_refused(browser: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 20)
    for data in (b"a,b\n" + b"1,2\n" * 21, spreadsheet(30)):
        refused = upload(browser, "/manage/imports", cast.university.public_id, data)
        assert (refused.status_code, "20" in refused.text) == (422, True)
    assert upload(browser, "/manage/imports", cast.university.public_id, b"a,b\n" + b"1,2\n" * 20).status_code == 302


def test_cells_that_would_be_formulas_come_back_as_text(browser: FlaskClient, cast: Cast, now: datetime) -> None:
    data = "编号,名称\n=1+1,@SUM(A1)\n\uff1dcmd|' /C calc'!A0,-2+3\n".encode()
    run = session.scalars(select(ImportRun)).first()
    sent = upload(browser, "/manage/imports", cast.university.public_id, data)
    with transaction():
        run = session.scalars(select(ImportRun)).one()
        imports.check(run.public_id, actor=acting(cast.administrator), now=now)
    while tasks.run_one_chunk(now=now):
        pass
    exported = browser.get(f"{sent.location}?format=csv").get_data().decode("utf-8-sig")
    cells = [cell for line in exported.splitlines()[1:] for cell in line.split(",")]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "@", "+", "-", "\uff1d"))]


@pytest.mark.slow
def test_two_hundred_thousand_rows_come_in_and_one_more_does_not(cast: Cast, now: datetime) -> None:
    rows = "".join(f"N-{n},仪器{n},型号{n % 97}\n" for n in range(tables.MOST_ROWS))
    data, actor = f"编号,名称,型号\n{rows}", acting(cast.administrator)
    more = io.BytesIO(f"{data}X,仪器,型号\n".encode())
    with pytest.raises(Refused, match="too-many-rows"), transaction():
        imports.upload(cast.university, more, "more.csv", actor=actor, now=now)
    with transaction():
        run = imports.upload(cast.university, io.BytesIO(data.encode()), "list.csv", actor=actor, now=now)
        imports.check(run.public_id, actor=actor, now=now)
    while tasks.run_one_chunk(now=now):
        pass
    session.rollback()
    counted = session.scalars(select(ImportRun)).one()
    assert counted.report == {"new": tables.MOST_ROWS}
    assert session.query(ImportRow).count() == tables.MOST_ROWS
