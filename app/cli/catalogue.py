"""`flask catalogue`, `flask holidays` and `flask import`: tables and lists that come as files."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from app.access.actor import system
from app.catalogue.models import ImportRun, InstrumentState, RowVerdict
from app.catalogue.rules.holidays import Notice
from app.catalogue.seeds.words import WORDS
from app.catalogue.services import holidays as public_holidays
from app.catalogue.services import imports, reference
from app.cli.people import body, known
from app.cli.progress import Bars
from app.cli.refusals import Refusal, one_act
from app.infra import tasks
from app.infra.clock import now
from app.infra.db import session
from app.infra.tasks import TaskState
from app.kernel.civil import EARLIEST, LATEST
from app.kernel.text import clean
from app.organisations.services.actors import actor_for

T = TypeVar("T")

SHELL = system("shell")
DAY_TYPES = ("off", "work")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

catalogue = AppGroup("catalogue", help="Tables of the catalogue.")
importing = AppGroup("import", help="Whole lists from files.")


@click.command()
@click.argument("file", type=FILE)
@with_appcontext
def holidays(file: Path) -> None:
    """Note the public holidays and make-up working days of FILE.

    CSV with date, name, day_type (off or work), or JSON with days of name, date, isOffDay.
    """
    with one_act():
        count = reference.note_holidays(_some(_notices(file), file), actor=SHELL, now=now())
    click.echo(f"{count} days noted.")


@click.command()
@with_appcontext
def seed() -> None:
    """Note the public holidays that this version brings, where nobody has entered them; doing it again is harmless."""
    with one_act():
        years = public_holidays.seed(now=now())
    click.echo(f"Public holidays noted: {', '.join(map(str, years)) or 'nothing new'}.")


def _notices(file: Path) -> Iterator[Notice]:
    try:
        if file.suffix == ".json":
            for day in json.loads(file.read_text())["days"]:
                yield _notice(day["date"], day["name"], {True: "off", False: "work"}.get(day["isOffDay"], ""))
        else:
            for row in _rows(file):
                yield _notice(row["date"], row["name"], row["day_type"])
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise Refusal(f"{file.name} is no list of holidays: {error}") from error


def _notice(day: str, name: str, kind: str) -> Notice:
    if kind not in DAY_TYPES:
        raise ValueError(f"{day} must be one of {', '.join(DAY_TYPES)}")
    found = date.fromisoformat(day)
    if not EARLIEST.year <= found.year < LATEST.year:
        raise ValueError(f"{day} is no day of this century")
    return Notice(found, _named(name), kind == "off")


def _named(name: str | None) -> str:
    if not name or not clean(name):
        raise ValueError("a row has no name")
    return clean(name)


def _some(found: Iterable[T], file: Path) -> list[T]:
    """A file without rows is the wrong file, not a request for nothing."""
    rows = list(found)
    if not rows:
        raise Refusal(f"{file.name} holds no rows")
    return rows


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from csv.DictReader(text)


@catalogue.command()
@click.argument("file", type=FILE)
def classes(file: Path) -> None:
    """Note the instrument classes of FILE: CSV with code, name, name_en."""
    try:
        found = [(row["code"], _named(row["name"]), clean(row.get("name_en") or "")) for row in _rows(file)]
        with one_act():
            count = reference.note_classes(_some(found, file), actor=SHELL, now=now())
    except (KeyError, ValueError, csv.Error) as error:
        raise Refusal(f"{file.name} is no table of classes: {error}") from error
    click.echo(f"{count} classes noted.")


UNITS = dict(zip(("yuan", "10000-yuan"), WORDS.likely_units, strict=True))


@importing.command()
@click.argument("file", type=FILE)
@click.option("--provider", required=True, help="Unified social credit code of the institution.")
@click.option("--as", "address", required=True, help="Address of its administrator, who answers for the list.")
@click.option("--check-only", is_flag=True, help="Judge every row and bring nothing in.")
@click.option("--unit", type=click.Choice(list(UNITS)), help="What original values without a unit are in.")
@click.option("--publish", is_flag=True, help="Put new instruments on show; otherwise they are drafts.")
def instruments(*, file: Path, provider: str, address: str, check_only: bool, unit: str | None, publish: bool) -> None:
    """Bring the instruments of FILE (CSV or XLSX) in, with the columns as the platform understands them.

    All of it comes in at once, at the end; doing it again changes nothing. Exit code 1 when rows were refused.
    """
    with one_act(), file.open("rb") as content:
        actor = actor_for(known(address).id, now=now())
        run = imports.upload(body(provider), content, file.name, actor=actor, now=now())
        number = run.public_id
        if unit:
            mapping = {**run.mapping, "worth_unit": UNITS[unit]}
            imports.set_mapping(number, mapping, version=None, actor=actor)
    with one_act():
        task = imports.check(number, actor=actor, now=now()).public_id
    _finish(task, "Checking rows")
    if not check_only:
        with one_act():
            state = InstrumentState.LISTED if publish else InstrumentState.DRAFT
            task = imports.apply(number, state=state, actor=actor, now=now()).public_id
        _finish(task, "Bringing rows in")
    session.rollback()
    report = session.scalars(select(ImportRun.report).where(ImportRun.public_id == number)).one()
    click.echo(", ".join(f"{verdict}: {count}" for verdict, count in sorted(report.items())))
    if report.get(RowVerdict.REFUSED):
        sys.exit(1)


def _finish(task_id: str, what: str) -> None:
    """Work the task off here; a jobs process that takes a chunk of it meanwhile only makes it quicker."""
    with Bars() as watch:
        while True:
            task = tasks.run_chunk_of(task_id, now=now())
            watch(what, task.done, task.total or task.done or 1)
            if task.ended_at is not None:
                break
    if task.state is TaskState.FAILED:
        raise Refusal(f"{what} failed; the operation page says why")
