"""Uploaded tables turned into one plain form: CSV in UTF-8, whatever came in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from posixpath import dirname
from threading import Lock
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.packaging.manifest import Manifest
from openpyxl.xml.constants import ARC_CONTENT_TYPES, WORKSHEET_TYPE
from openpyxl.xml.functions import fromstring

from app.catalogue.rules.files import FileCode, FileKind, Row, decode, header, kind, rows
from app.infra.files import path_of
from app.kernel.errors import DomainError, refuse

MOST_ROWS = 200_000
MOST_COLUMNS = 200
UNPACKED_LIMIT = 300 << 20
# Rows are read one by one; every other part is taken into memory whole, some eight times as large as it is written.
PART_LIMIT = 64 << 20
LONGEST_CONTENTS = 1 << 20
ROWS = "xl/worksheets"
MOST_TIMES_LARGER = 120  # an honest spreadsheet packs to a tenth, a bomb to a thousandth

_one_at_a_time = Lock()  # a worker has memory for one large spreadsheet, not for one in each thread


def plain(content: BinaryIO) -> tuple[bytes, str]:
    """CSV or XLSX, judged by content, as UTF-8 CSV; (table, encoding it came in).

    Raises Refused naming what is wrong with the file: empty, binary, truncated, unknown encoding,
    a bomb, or too many rows.
    """
    data = content.read()
    if data and kind(data) is FileKind.XLSX:
        text, encoding = _from_xlsx(data), "xlsx"
    else:
        decoded = decode(data)
        text, encoding = decoded.text, decoded.encoding
    _require_size(text)
    return text.encode(), encoding


def read(digest: str) -> tuple[tuple[str, ...], Iterator[Row]]:
    """(column names, rows below them) of a table taken in before."""
    found = rows(path_of(digest).read_text(encoding="utf-8"))
    return header(next(found, None)), found


def _require_size(text: str) -> None:
    count = 0
    names = header(next(rows(text), None))
    if len(names) > MOST_COLUMNS:
        raise refuse("too-many-columns", limit=MOST_COLUMNS)
    for count, _row in enumerate(rows(text), start=0):
        if count > MOST_ROWS:
            raise refuse("too-many-rows", limit=MOST_ROWS)
    if count == 0:
        raise refuse(FileCode.EMPTY)


def _from_xlsx(data: bytes) -> str:
    try:
        with _one_at_a_time:
            _require_honest_zip(data)
            return _unpacked(data)
    except DomainError:
        raise
    except Exception as error:
        raise refuse(FileCode.BINARY) from error


def _unpacked(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    out = io.StringIO()
    write, width = csv.writer(out), 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
        if number > MOST_ROWS:
            raise refuse("too-many-rows", limit=MOST_ROWS)
        cells = _filled([_cell(value) for value in row])
        width = len(cells) if number == 0 else width
        write.writerow(cells + [""] * (width - len(cells)))
    book.close()
    return out.getvalue()


def _filled(cells: list[str]) -> list[str]:
    """Without the empty cells at the end: a sheet read so far to the right has hundreds."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _require_honest_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > min(UNPACKED_LIMIT, len(data) * MOST_TIMES_LARGER + (1 << 20)):
                raise refuse("unpacks-too-large", limit_mib=UNPACKED_LIMIT >> 20)
            if any(part.file_size > PART_LIMIT for part in _taken_whole(packed)):
                raise refuse("unpacks-too-large", limit_mib=PART_LIMIT >> 20)
    except zipfile.BadZipFile as error:
        raise refuse(FileCode.TRUNCATED, at_byte=len(data)) from error


def _taken_whole(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Every part but rows; the list of contents says which are rows, and one that is long itself is a bomb."""
    contents = packed.getinfo(ARC_CONTENT_TYPES)
    if contents.file_size > LONGEST_CONTENTS:
        raise refuse("unpacks-too-large", limit_mib=LONGEST_CONTENTS >> 20)
    tree: Any = fromstring(packed.read(contents))
    listed: Any = Manifest.from_tree(tree)
    other = {part.PartName.lstrip("/") for part in listed.Override if part.ContentType != WORKSHEET_TYPE}
    return [part for part in packed.infolist() if dirname(part.filename) != ROWS or part.filename in other]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(sep=" ")
    return str(value)
