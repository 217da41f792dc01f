"""Files and people at the shell: holidays, classes, whole lists, and keeping somebody out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.catalogue.models import ImportRun, Instrument, InstrumentClass, InstrumentState, PublicHoliday
from app.catalogue.services import imports
from app.infra.db import session
from tests.conftest import Clock
from tests.factories.cast import Cast
from tests.factories.organisations import uscc
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer

LIST = "编号,名称,原值\nA1,扫描电子显微镜,94.94 万元\nA2,离心机,3万元\n"


def run(app: Flask, *words: object) -> Result:
    session.rollback()
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_holidays_of_a_notice_are_noted_and_replaced(app: Flask, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"days.{kind}"
    for name in ("元旦", "元旦假期"):
        days = [("2026-01-01", name, True), ("2026-01-04", name, False)]
        if kind == "json":
            file.write_text(json.dumps({"days": [{"date": d, "name": n, "isOffDay": o} for d, n, o in days]}))
        else:
            lines = [f"{d},{n},{'off' if o else 'work'}" for d, n, o in days]
            file.write_text("\n".join(["date,name,day_type", *lines]))
        assert run(app, "holidays", file).exit_code == 0
    rows = session.scalars(select(PublicHoliday).order_by(PublicHoliday.day)).all()
    assert [(str(row.day), row.name, row.off) for row in rows] == [
        ("2026-01-01", "元旦假期", True),
        ("2026-01-04", "元旦假期", False),
    ]
    assert set(session.scalars(select(AuditEntry.action))) == {"reference.noted"}


def test_a_file_that_is_no_notice_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("date,name,day_type\n2026-01-01,元旦,off\n1 January,元旦,off\n")
    done = run(app, "holidays", file)
    assert (done.exit_code, "no list of holidays" in done.output) == (2, True)
    assert session.scalar(select(func.count()).select_from(PublicHoliday)) == 0


def test_classes_are_added_below_their_parents(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "classes.csv"
    file.write_text("code,name,name_en\n010199,其他电子光学仪器,Other electron optics\n010198,新类,\n")
    assert run(app, "catalogue", "classes", file).exit_code == 0
    row = session.get_one(InstrumentClass, "010199")
    assert (row.name_en, row.parent_code) == ("Other electron optics", "0101")
    file.write_text("code,name,name_en\n777799,无上级,\n")
    refused = run(app, "catalogue", "classes", file)
    assert (refused.exit_code, "777799" in refused.output) == (2, True)


def test_a_list_is_brought_in_whole_and_twice_is_as_once(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    words = ("import", "instruments", file, "--provider", cast.university.uscc, "--as", cast.administrator.email)
    assert run(app, *words, "--check-only").output.strip().endswith("new: 2")
    assert run(app, *words).exit_code == 0
    assert "same: 2" in run(app, *words).output
    brought = select(Instrument.name).where(Instrument.inner_id.in_(["A1", "A2"])).order_by(Instrument.inner_id)
    assert session.scalars(brought).all() == ["扫描电子显微镜", "离心机"]
    file.write_text(LIST + ",无编号,1万元\n")
    assert run(app, *words).exit_code == 1


def test_nobody_brings_a_list_in_for_another_institution_or_for_none(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    words, nobody = ("import", "instruments", file, "--as", cast.stranger.email, "--provider"), uscc()
    for provider, told in ((cast.university.uscc, "may not"), (nobody, f"no organisation has the code {nobody}")):
        done = run(app, *words, provider)
        assert (done.exit_code, told in done.output) == (2, True), done.output
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_a_list_that_breaks_half_way_is_told_and_shows_nothing(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    monkeypatch.setattr(imports, "_finish", lambda *_anything, **_more: 1 / 0)
    words = ("import", "instruments", file, "--provider", cast.university.uscc, "--as", cast.administrator.email)
    done = run(app, *words)
    assert (done.exit_code, "Bringing rows in failed; the operation page" in done.output) == (2, True), done.output
    session.rollback()
    states = select(Instrument.state).where(Instrument.import_run_id.is_not(None))
    assert set(session.scalars(states)) == {InstrumentState.HIDDEN}


def test_a_suspended_person_is_out_at_once_and_comes_back(app: Flask, cast: Cast, clock: Clock) -> None:
    client, header = signed_in(app, cast.researcher), bearer(cast.researcher, now=clock())
    assert (client.get("/account").status_code, client.get("/api/v1/bookings", headers=header).status_code) == (
        200,
        200,
    )
    assert run(app, "users", "suspend", cast.researcher.email).exit_code == 0
    assert (client.get("/account").status_code, client.get("/api/v1/bookings", headers=header).status_code) == (
        302,
        401,
    )
    assert run(app, "users", "activate", cast.researcher.email).exit_code == 0
    assert client.get("/api/v1/bookings", headers=header).status_code == 200
    assert run(app, "users", "suspend", "nobody@example.org").exit_code == 2
