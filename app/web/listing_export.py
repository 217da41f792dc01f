"""A list as a file: CSV for every program, XLSX for spreadsheets; memory stays flat."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from flask import send_file
from flask.typing import ResponseReturnValue
from openpyxl import Workbook

from app.web.cells import written
from app.web.current import now

Cells = Iterable[Sequence[Any]]
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def export(kind: str, name: str, columns: Sequence[Any], rows: Iterable[Any]) -> ResponseReturnValue:
    """Answer with all `rows` under the heads of `columns`; the file lives on disk, not in memory.

    Written whole before its first byte leaves, on purpose: an error on the way becomes an error page and not a file
    that ends early and looks complete, every row is of the one transaction that the request edge closes, and a slow
    reader holds a file open, not a database connection. 100,000 rows take about 20 seconds (docs/bench.md).
    """
    write, media_type = FORMATS[kind]
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response when it has been sent
    write(file, _cells(columns, rows))
    file.seek(0)
    stamp = now().strftime("%Y%m%d-%H%M")
    return send_file(file, mimetype=media_type, as_attachment=True, download_name=f"{name}-{stamp}.{kind}")


def _cells(columns: Sequence[Any], rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    yield [str(column.head) for column in columns]
    for row in rows:
        yield [written(column.value(row), column.figure) for column in columns]


def write_csv(file: IO[bytes], cells: Cells) -> None:
    # The byte order mark tells Excel that the Chinese is UTF-8.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows(cells)
    text.flush()
    text.detach()


def write_xlsx(file: IO[bytes], cells: Cells) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in cells:
        sheet.append([_in_xml(cell) for cell in line])
    book.save(file)


def _in_xml(cell: Any) -> Any:
    """A figure as a number; text without the control characters that no XML file may hold."""
    if isinstance(cell, Decimal):
        return float(cell)
    return _NOT_IN_XML.sub("", cell) if isinstance(cell, str) else cell


FORMATS: dict[str, tuple[Callable[[IO[bytes], Cells], None], str]] = {
    "csv": (write_csv, "text/csv"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
