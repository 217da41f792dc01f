"""From bytes to rows: the encodings, damages and disguises in which lists arrive."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import Refusal, Refused, refuse
from app.kernel.text import fold


class FileCode(StrEnum):
    EMPTY = "file-empty"
    BINARY = "file-binary"
    TRUNCATED = "file-truncated"
    ENCODING = "file-encoding"
    CELL_TOO_LONG = "file-cell-too-long"
    QUOTE = "file-quote"
    HEADER_MISSING = "header-missing"
    HEADER_REPEATED = "header-repeated"
    ROW_WIDTH = "row-width"


class FileKind(StrEnum):
    TEXT = "text"
    XLSX = "xlsx"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line of the file on which it begins; a row of the wrong width carries the refusal."""

    line: int
    cells: tuple[str, ...]
    problem: Refusal | None = None


_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BINARY_STARTS = (
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1a")
_LONGEST_CHARACTER = 4
LONGEST_NAME, LONGEST_CELL = 200, 10_000  # of a column; of any cell below it


def kind(data: bytes) -> FileKind:
    """Judge by content, never by name. A zip is taken for XLSX until its reader disagrees."""
    if data.startswith(b"PK\x03\x04"):
        return FileKind.XLSX
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileKind.TEXT
    head = data[:65536]
    controls = any(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
    return FileKind.BINARY if controls or data.startswith(_BINARY_STARTS) or b"\0" in data else FileKind.TEXT


def decode(data: bytes) -> Decoded:
    """Read text in UTF-8 with or without BOM, UTF-16 with BOM, or GB18030; raises Refused otherwise.

    A character cut at the very end means that the file is truncated, which is said rather than
    guessed around: most cut UTF-8 would pass as GB18030 nonsense.
    """
    if not data.strip():
        raise refuse(FileCode.EMPTY)
    if kind(data) is not FileKind.TEXT:
        raise refuse(FileCode.BINARY)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], encoding), encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _cut(error, data) and not data[: error.start].isascii():
            raise refuse(FileCode.TRUNCATED, at_byte=error.start) from error
    return Decoded(_assigned(_strictly(data, "gb18030")), "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        code = FileCode.TRUNCATED if _cut(error, data) else FileCode.ENCODING
        raise refuse(code, at_byte=error.start) from error


def _cut(error: UnicodeDecodeError, data: bytes) -> bool:
    missing = error.reason.startswith(("unexpected end", "incomplete", "truncated"))
    return missing and len(data) - error.start <= _LONGEST_CHARACTER


def _assigned(text: str) -> str:
    """GB18030 can decode nearly any bytes; private and unassigned characters tell that it was something else."""
    strange = next((c for c in set(text) if unicodedata.category(c) in {"Co", "Cn"}), None)
    if strange is not None:
        raise refuse(FileCode.ENCODING, character=f"U+{ord(strange):04X}")
    return text


def rows(text: str) -> Iterator[Row]:
    """The rows of CSV text, header first. Commas, semicolons or tabs, whichever the header has most of.

    Blank lines are skipped. A quote never closed means truncated and raises Refused when reached.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    width: int | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(str(error), line) from error
        if not any(cell.strip() for cell in cells):
            continue
        if max(map(len, cells)) > (LONGEST_CELL if width else LONGEST_NAME):
            raise refuse(FileCode.CELL_TOO_LONG, line=line)
        width = width or len(cells)
        off = Refusal(FileCode.ROW_WIDTH, {"cells": len(cells), "columns": width}) if len(cells) != width else None
        yield Row(line, tuple(cells), off)


def _unreadable(reason: str, line: int) -> Refused:
    if "field larger" in reason:
        return refuse(FileCode.CELL_TOO_LONG, line=line)
    if "expected after" in reason:
        return refuse(FileCode.QUOTE, line=line)
    return refuse(FileCode.TRUNCATED, line=line)


def _delimiter(text: str) -> str:
    header = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=header.count)


def header(row: Row | None) -> tuple[str, ...]:
    """The column names of the first row; raises Refused when there are none or one comes twice."""
    names = tuple(cell.strip().lstrip("\ufeff") for cell in row.cells) if row else ()
    if not any(names):
        raise refuse(FileCode.HEADER_MISSING)
    folded = [fold(name) for name in names if name]
    repeated = sorted({name for name in names if name and folded.count(fold(name)) > 1})
    if repeated:
        raise refuse(FileCode.HEADER_REPEATED, names=repeated)
    return names
