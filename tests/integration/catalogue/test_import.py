"""Whole lists coming in: every quirk, all or nothing on show, twice the same as once."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Select, func, select
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.catalogue.models import ImportRow, ImportRun, ImportState, Instrument, InstrumentState
from app.catalogue.rules.words import ShareMode
from app.catalogue.services import imports
from app.infra import tasks
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import NotFound, Refused
from app.kernel.money import Money
from app.pricing.models import PriceList
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in, signed_in_english
from tests.rig.plugin import EXTRA

SHARED = Path(__file__).parents[4] / "shared" / "data" / "catalogues"

LIST = """编号,名称,原值,厂家型号,价格,计价单位,开放方式
A1,扫描电子显微镜,94.94 万元,"日本日立公司；SU-8010",400,元/小时,可
A2,液质联用仪,57,"安捷伦科技有限公司
6410B",1000,day,要相談
A3,离心机,,Avanti J-26,,,不可
A4,未知共享,10万元,,,,不明
A1,扫描电子显微镜,94.94 万元,"日本日立公司；SU-8010",400,元/小时,可
A2,别的仪器,57,,,,可
,无编号,1万元,,,,可
"""


def checked(cast: Cast, data: bytes, now: datetime, unit: str | None = "万元", **constants: str) -> ImportRun:
    """A list whose rows have all been judged; bare values are in `unit`."""
    actor = acting(cast.administrator)
    with transaction():
        run = imports.upload(cast.university, io.BytesIO(data), "list.csv", actor=actor, now=now)
        mapping = {**run.mapping, "constants": constants, "worth_unit": run.mapping["worth_unit"] or unit}
        imports.set_mapping(run.public_id, mapping, version=None, actor=actor)
        imports.check(run.public_id, actor=actor, now=now)
    run_all(now)
    return run


def bring_in(
    cast: Cast, data: bytes, now: datetime, state: InstrumentState = InstrumentState.DRAFT, **constants: str
) -> ImportRun:
    run = checked(cast, data, now, **constants)
    with transaction():
        imports.apply(run.public_id, state=state, actor=acting(cast.administrator), now=now)
    run_all(now)
    session.expire_all()
    return run


def run_all(now: datetime) -> None:
    while tasks.run_one_chunk(now=now):
        pass


def imported(cast: Cast) -> dict[str, Instrument]:
    rows = session.scalars(select(Instrument).where(Instrument.import_run_id.is_not(None)))
    return {row.inner_id: row for row in rows}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_quirk_of_a_real_list_comes_in(cast: Cast, now: datetime, encoding: str) -> None:
    text = LIST.replace("要相談", "可") if encoding == "gb18030" else LIST
    run = bring_in(cast, text.encode(encoding), now, InstrumentState.LISTED)
    assert run.state is ImportState.COMPLETE
    assert run.report == {"new": 4, "repeat": 1, "refused": 2}
    found = imported(cast)
    assert found["A1"].original_value == Money.yuan(949_400)
    assert (found["A1"].maker, found["A1"].model, found["A1"].nation) == ("日本日立公司", "SU-8010", "日本")
    assert found["A2"].original_value == Money.yuan(570_000)  # a bare 57 is in the unit that was answered
    assert found["A3"].share_mode is ShareMode.NONE
    assert (found["A4"].state, found["A1"].state) == (InstrumentState.DRAFT, InstrumentState.LISTED)
    assert session.scalars(select(PriceList.hourly).where(PriceList.instrument_id == found["A1"].id)).all() == [
        Money.yuan(400)
    ]


def test_the_class_is_read_from_code_class_name_or_name(cast: Cast, now: datetime) -> None:
    rows = ("C1,某装置,010205,", "C2,某装置,,質量分析装置(MS)", "C3,扫描电子显微镜,,その他", "C4,某装置,,")
    bring_in(cast, "\n".join(("编号,名称,分类编码,分类名称", *rows)).encode(), now)
    assert {key: row.class_code for key, row in imported(cast).items()} == {
        "C1": "0102",
        "C2": "0102",
        "C3": "0101",
        "C4": "990000",
    }


def test_a_class_that_no_level_of_the_table_has_is_remarked_on_and_the_row_comes_in(
    app: Flask, cast: Cast, now: datetime
) -> None:
    rows = "编号,名称,分类编码\nC1,某装置,777777\nC2,扫描电子显微镜,777777\nC3,某装置,010205\n".encode()
    told = [f"“777777” is not in the table: a new instrument is put into {code}," for code in ("990000", "0101")]
    preview = uploaded(app, cast, now, rows).text
    assert [preview.count(remark) for remark in told] == [1, 1]
    run = bring_in(cast, rows, now)
    assert run.report == {"new": 3}
    report = signed_in_english(app, cast.administrator).get(f"/manage/imports/{run.public_id}?format=csv").text
    assert [report.count(remark) for remark in told] == [1, 1]


def test_units_of_bare_numbers_are_called_in_the_language_of_the_page(app: Flask, cast: Cast, now: datetime) -> None:
    page = uploaded(app, cast, now, LIST.encode()).text
    labels = re.findall(r'name="worth_unit".*?<span class="form-check-label">(.*?)</span>', page, re.DOTALL)
    assert labels == ["to be asked about", "yuan", "10,000 yuan"]


def uploaded(app: Flask, cast: Cast, now: datetime, data: bytes) -> TestResponse:
    """The English page of a list just uploaded."""
    with transaction():
        run = imports.upload(cast.university, io.BytesIO(data), "list.csv", actor=acting(cast.administrator), now=now)
    return signed_in_english(app, cast.administrator).get(f"/manage/imports/{run.public_id}")


def test_a_class_that_somebody_corrected_outlives_the_next_import(cast: Cast, now: datetime) -> None:
    bring_in(cast, LIST.encode(), now)
    with transaction():
        imported(cast)["A1"].class_code = "0108"
    assert bring_in(cast, LIST.encode(), now).report == {"same": 4, "repeat": 1, "refused": 2}
    assert imported(cast)["A1"].class_code == "0108"


def test_the_same_file_twice_changes_nothing(cast: Cast, now: datetime) -> None:
    bring_in(cast, LIST.encode(), now)
    before = {key: row.version for key, row in imported(cast).items()}
    again = bring_in(cast, LIST.encode(), now)
    assert again.report == {"same": 4, "repeat": 1, "refused": 2}
    assert {key: row.version for key, row in imported(cast).items()} == before


def test_a_changed_row_updates_its_instrument(cast: Cast, now: datetime) -> None:
    bring_in(cast, LIST.encode(), now)
    changed = bring_in(cast, LIST.replace("Avanti J-26", "Avanti J-30").encode(), now)
    assert changed.report == {"same": 3, "changed": 1, "repeat": 1, "refused": 2}
    assert "J-30" in imported(cast)["A3"].model + imported(cast)["A3"].maker


def test_an_import_switches_nothing_on_unless_asked_to(app: Flask, cast: Cast, now: datetime) -> None:
    client, states = signed_in(app, cast.administrator), []
    for number, fields in (("D1", {}), ("D2", {"publish": "y"})):
        run = checked(cast, f"编号,名称,开放方式\n{number},离心机,可\n".encode(), now)
        assert send(client, f"/manage/imports/{run.public_id}/apply", **fields).status_code == 302
        run_all(now)
        states.append(imported(cast)[number].state)
    assert states == [InstrumentState.DRAFT, InstrumentState.LISTED]


def test_a_question_about_all_rows_is_answered_before_anything_comes_in(app: Flask, cast: Cast, now: datetime) -> None:
    run = checked(cast, "编号,名称,原值\nQ1,离心机,57\nQ2,质谱,3万元\n".encode(), now, unit=None)
    client, page = signed_in_english(app, cast.administrator), f"/manage/imports/{run.public_id}"
    asked = "1 rows give an original value without its unit"
    assert asked in client.get(page).text
    assert f'action="{page}/apply"' not in client.get(page).text
    refused = send(client, f"{page}/apply")
    assert (refused.status_code, asked in refused.text) == (422, True)
    run_all(now)
    assert imported(cast) == {}
    with transaction():
        actor = acting(cast.administrator)
        imports.set_mapping(run.public_id, {**run.mapping, "worth_unit": "元"}, version=None, actor=actor)
        imports.check(run.public_id, actor=actor, now=now)
    run_all(now)
    assert send(client, f"{page}/apply").status_code == 302
    run_all(now)
    assert imported(cast)["Q1"].original_value == Money.yuan(57)


def test_nothing_is_on_show_before_all_of_it_is_in(cast: Cast, now: datetime) -> None:
    rows = "".join(f"B{n},仪器{n}\n" for n in range(1200))
    actor = acting(cast.administrator)
    with transaction():
        run = imports.upload(cast.university, io.BytesIO(f"编号,名称\n{rows}".encode()), "x", actor=actor, now=now)
        imports.check(run.public_id, actor=actor, now=now)
    run_all(now)
    with transaction():
        imports.apply(run.public_id, state=InstrumentState.LISTED, actor=actor, now=now)
    tasks.run_one_chunk(now=now)
    hidden = select(func.count()).where(Instrument.state == InstrumentState.HIDDEN)
    listed = select(func.count()).where(Instrument.inner_id.startswith("B"), Instrument.state == InstrumentState.LISTED)
    assert (session.scalar(hidden), session.scalar(listed)) == (500, 0)
    run_all(now)
    assert (session.scalar(hidden), session.scalar(listed)) == (0, 1200)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file-binary"),
        ("编号,名称\nA1,电".encode()[:-1], "file-truncated"),
        (b'a,b\n1,"never closed', "file-truncated"),
        (b"PK\x03\x04broken", "file-truncated"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(cast: Cast, now: datetime, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as error, transaction():
        imports.upload(cast.university, io.BytesIO(data), "x", actor=acting(cast.administrator), now=now)
    assert [r.code for r in error.value.refusals] == [code]


def test_others_may_write_while_a_table_is_unpacked(cast: Cast, now: datetime) -> None:
    class Table(io.BytesIO):
        def read(self, *size: int | None) -> bytes:
            assert not session().in_transaction()
            return super().read(*size)

    with transaction():
        run = imports.upload(cast.university, Table(LIST.encode()), "x", actor=acting(cast.administrator), now=now)
        assert (run.provider_id, run.encoding) == (cast.university.id, "utf-8")


def test_another_institution_cannot_tell_the_import_from_none(cast: Cast, now: datetime) -> None:
    run = bring_in(cast, LIST.encode(), now)
    with pytest.raises(NotFound):
        imports.find_run(run.public_id, actor=acting(cast.stranger))


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason=f"{EXTRA} the full-size lists are not beside the checkout")
def test_the_real_lists_come_in_whole(cast: Cast, now: datetime) -> None:
    chinese = bring_in(cast, (SHARED / "cn_bua_changping_instruments.csv").read_bytes(), now)
    assert chinese.report == {"new": 28}
    found = Counter(row.original_value for row in imported(cast).values())
    assert found[Money.yuan(949_400)] == 1
    japanese = bring_in(cast, (SHARED / "jp_shared_equipment.csv").read_bytes(), now)
    assert japanese.report is not None
    assert sum(japanese.report.values()) == 8478
    assert japanese.report["repeat"] == 100


def test_a_step_that_failed_can_be_done_again(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bringing in breaks in the middle; checked and applied once more, everything is on show, once."""
    actor, data = acting(cast.administrator), "编号,名称,开放方式\nA1,甲,可\nA2,乙,可\n".encode()
    with transaction():
        number = imports.upload(cast.university, io.BytesIO(data), "x", actor=actor, now=now).public_id

    def go(step: Callable[..., object]) -> None:
        with transaction():
            step(number, actor=actor, now=now)
        run_all(now)

    go(imports.check)
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_finish", lambda *_anything, **_more: 1 / 0)
        go(imports.apply)
    assert list(session.scalars(shown_by(InstrumentState.HIDDEN))) == ["A1", "A2"]
    with pytest.raises(Refused, match="not-checked"):
        go(imports.apply)
    with pytest.raises(Refused, match="import-partly-in"):
        go(imports.discard)
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 2, "a refusal loses nothing"
    go(imports.check)
    go(imports.apply)
    assert list(session.scalars(shown_by(InstrumentState.DRAFT))) == ["A1", "A2"]


def test_an_upload_by_mistake_is_discarded_before_anything_comes_in(app: Flask, cast: Cast, now: datetime) -> None:
    page = uploaded(app, cast, now, LIST.encode()).request.path
    number = page.rpartition("/")[2]
    with transaction():
        imports.check(number, actor=acting(cast.administrator), now=now)
    client = signed_in(app, cast.administrator)
    assert send(client, f"{page}/discard").status_code == 422, "not while it is checked"
    run_all(now)
    answer = send(client, f"{page}/discard")
    assert (answer.status_code, answer.location) == (302, "/manage/imports")
    assert [session.scalar(select(func.count()).select_from(table)) for table in (ImportRun, ImportRow)] == [0, 0]
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "import.discarded"
    assert client.get(page).status_code == 404


def shown_by(state: InstrumentState) -> Select[str]:
    came_in = Instrument.import_run_id.is_not(None)
    return select(Instrument.inner_id).where(came_in, Instrument.state == state).order_by(Instrument.inner_id)
