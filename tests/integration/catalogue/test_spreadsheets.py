"""Lists that come as spreadsheets: read like CSV, and nothing in them unpacks without bounds."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from app.catalogue.models import ImportRow
from app.catalogue.services import imports, tables
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Refused
from app.kernel.money import Money
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.integration.catalogue.test_import import bring_in, imported


def test_a_zip_bomb_is_refused_before_it_unpacks(cast: Cast, now: datetime) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (400 << 20))
    packed.seek(0)
    with pytest.raises(Refused, match="unpacks-too-large"), transaction():
        imports.upload(cast.university, packed, "x", actor=acting(cast.administrator), now=now)


def _spreadsheet(**parts: str) -> bytes:
    """3,000 rows, with some parts replaced or added."""
    book, plain, out = Workbook(), io.BytesIO(), io.BytesIO()
    for number in range(3000):
        book.worksheets[0].append([f"column {number}", f"{number}"])
    book.save(plain)
    with zipfile.ZipFile(plain) as known, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in known.namelist():
            packed.writestr(name, parts.get(name, "") or known.read(name))
        for name in set(parts) - set(known.namelist()):
            packed.writestr(name, parts[name])
    return out.getvalue()


LISTED_AS = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/{}" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def test_only_rows_may_be_long_in_a_spreadsheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is in it is taken into memory whole, wherever it lies and whatever it calls itself."""
    monkeypatch.setattr(tables, "PART_LIMIT", 20_000)
    monkeypatch.setattr(tables, "LONGEST_CONTENTS", 10_000)
    assert tables.plain(io.BytesIO(_spreadsheet()))[1] == "xlsx"
    words = "".join(f"<si><t>{number * 7919 % 99_991}</t></si>" for number in range(3000))
    bombs = [{"xl/sharedStrings.xml": words}, {"xl/styles.xml": words}]
    bombs += [{"[Content_Types].xml": LISTED_AS.format("xl/worksheets/w.xml"), "xl/worksheets/w.xml": words}]
    bombs += [{"[Content_Types].xml": LISTED_AS.format("x" * 10_000)}]
    for bomb in bombs:
        with pytest.raises(Refused, match="unpacks-too-large"):
            tables.plain(io.BytesIO(_spreadsheet(**bomb)))


def test_a_spreadsheet_comes_in_like_csv(cast: Cast, now: datetime) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    heads = ["编号", "名称", "原值（万元）", "启用日期"]
    for row in (heads, ["X1", "质谱仪", 12.5, datetime(2020, 5, 6)], ["X2", "-80 °C 冰箱", None, None]):  # noqa: DTZ001
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    run = bring_in(cast, data.getvalue(), now)
    assert run.report == {"new": 2}
    assert imported(cast)["X2"].name == "-80 °C 冰箱"
    assert imported(cast)["X1"].original_value == Money.yuan(125_000)
    assert [imported(cast)[key].began_on for key in ("X1", "X2")] == [date(2020, 5, 6), None]


@pytest.mark.parametrize("iso_dates", [True, False])
def test_cells_of_a_spreadsheet_read_as_people_see_them(*, iso_dates: bool) -> None:
    book, data = Workbook(), io.BytesIO()
    book.iso_dates = iso_dates
    noon = datetime(2020, 5, 6, 12, 30)  # noqa: DTZ001  spreadsheets know no time zones
    cells = [date(2020, 5, 6), datetime(2020, 5, 6), noon, 57, 57.5, 1e20, None, "end"]  # noqa: DTZ001
    for row in (list("abcdefgh"), cells):
        book.worksheets[0].append(row)
    book.save(data)
    data.seek(0)
    read = tables.plain(data)[0].decode().splitlines()[1]
    assert read == "2020-05-06,2020-05-06,2020-05-06 12:30:00,57,57.5,100000000000000000000,,end"


def test_a_spreadsheet_has_the_columns_of_its_header_and_no_more(cast: Cast, now: datetime) -> None:
    book = Workbook()
    for line in (["编号", "名称", "型号"], ["A1", "离心机", None], ["A2", "天平", "X"]):
        book.active.append(line)  # type: ignore[union-attr]
    packed = io.BytesIO()
    book.save(packed)
    run = bring_in(cast, packed.getvalue(), now)
    assert run.columns == ["编号", "名称", "型号"]
    assert session.scalars(select(ImportRow.cells).order_by(ImportRow.line)).all() == [
        ["A1", "离心机", ""],
        ["A2", "天平", "X"],
    ]
