"""Bytes to rows: every encoding, damage and disguise, each in a small invented file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.rules.files import FileKind, Row, decode, header, kind, rows
from app.kernel.errors import Refused

LIST = "编号,名称,原值\r\n7,透射电子显微镜,214.4万元\r\n8,㐀仪𬭛,57\r\n"


def refusal_of(text: str) -> str:
    with pytest.raises(Refused) as refused:
        list(rows(text))
    return refused.value.refusals[0].code


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LIST.encode(), "utf-8"),
        (LIST.encode("utf-8-sig"), "utf-8"),
        (LIST.encode("gb18030"), "gb18030"),
        (b"\xff\xfe" + LIST.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + LIST.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_text_is_decoded(data: bytes, encoding: str) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (LIST, encoding)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b" \r\n", "file-empty"),
        (b"PK\x03\x04rest", "file-binary"),
        (b"%PDF-1.7", "file-binary"),
        (b"id,name\n1,a\x00b", "file-binary"),
        (bytes(range(1, 200)), "file-binary"),
        ("名称,型号\n光谱".encode()[:-1], "file-truncated"),
        ("名称,型号\n光谱".encode()[:-2], "file-truncated"),
        ("名称,型号\n光谱仪".encode("gb18030")[:-1], "file-truncated"),
        ("名称".encode("utf-8-sig")[:-1], "file-truncated"),
        (b"\xef\xbb\xbfname\xff", "file-encoding"),
        (b"\xef\xbb\xbfname\xff\xff,model,price", "file-encoding"),
        (b"name,model\nm\x80\x80\xff\xff,x,y,z", "file-encoding"),
        (b"name\n" + "\ue5e5".encode("gb18030"), "file-encoding"),
    ],
)
def test_damage_is_named(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        decode(data)
    assert refused.value.refusals[0].code == code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"PK\x03\x04\x14\x00", FileKind.XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", FileKind.BINARY),
        (b"\xff\xfea\x00", FileKind.TEXT),
        (b"a,b\n", FileKind.TEXT),
    ],
)
def test_the_kind_is_judged_by_content(data: bytes, expected: FileKind) -> None:
    assert kind(data) is expected


def test_rows_keep_line_breaks_quotes_and_line_numbers() -> None:
    found = list(rows('id,name,model\n1,"a\nb","say ""x"""\n\n2,c\n'))
    assert found[:2] == [Row(1, ("id", "name", "model")), Row(2, ("1", "a\nb", 'say "x"'))]
    assert (found[2].line, found[2].cells) == (5, ("2", "c"))
    assert found[2].problem is not None
    assert dict(found[2].problem.params) == {"cells": 2, "columns": 3}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    assert next(rows(separator.join(["id", "name", "price"]))).cells == ("id", "name", "price")


def test_an_open_quote_is_a_truncated_file() -> None:
    assert refusal_of('id,name\n1,"never closed\n2,b\n') == "file-truncated"


def test_an_endless_cell_is_refused() -> None:
    assert refusal_of("id,name\n1," + "x" * 200_000) == "file-cell-too-long"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "header-missing"),
        (",,", "header-missing"),
        ("id,Name,name", "header-repeated"),
        ("id,ID", "header-repeated"),
    ],
)
def test_headers_that_name_nothing_clearly(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        header(next(rows(text), None))
    assert refused.value.refusals[0].code == code


def test_unnamed_columns_may_stay() -> None:
    assert header(next(rows(" id ,,name"))) == ("id", "", "name")


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except Refused:
        return
    assert "\x00" not in decoded.text


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=8)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_was_written_is_read(table: list[list[str]]) -> None:
    quoted = ("\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)) + "\n"
    kept = [tuple(row) for row in table if any(cell.strip() for cell in row)]
    assert [row.cells for row in rows("a,b\n" + quoted)][1:] == kept
