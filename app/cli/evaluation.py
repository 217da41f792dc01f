"""Commands for the yearly evaluation at a shell."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from app.access.actor import system
from app.cli.people import known
from app.cli.refusals import one_act
from app.evaluation import queries
from app.evaluation.models import Round
from app.evaluation.queries.verification import differences
from app.evaluation.services import acts, rounds, schemes
from app.infra.clock import now
from app.infra.db import session
from app.kernel.civil import EARLIEST, LATEST, iso
from app.organisations.services.actors import actor_for
from app.web.labels import message

SHELL = system("shell")
YEAR = click.IntRange(EARLIEST.year, LATEST.year - 2)  # the year after it must still be one that can be stored

evaluation = AppGroup("evaluation", help="Schemes, rounds and scores of the yearly evaluation.")


@evaluation.command()
def seed() -> None:
    """Publish the first scheme: suggested defaults, to be confirmed by the district."""
    with one_act():
        row = schemes.seed(actor=SHELL, now=now())
        click.echo(f"{row.code} edition {row.edition}: {row.digest}")


@evaluation.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def publish(path: Path) -> None:
    """Publish the scheme in the file at PATH as the next edition; every fault of it is named at once."""
    with one_act():
        row = schemes.publish(schemes.read(path), actor=SHELL, now=now())
        click.echo(f"{row.code} edition {row.edition}: {row.digest}")


@evaluation.command("open")
@click.option("--year", type=YEAR, required=True, help="Civil year of Shanghai.")
@click.option("--scheme", "code", default="provider", show_default=True, help="Its newest edition is applied.")
@click.option("--cut-off", type=click.DateTime(["%Y-%m-%d"]), help="Last day for money; 31 March by default.")
def open_round(year: int, code: str, cut_off: datetime | None) -> None:
    """Open the round of a year."""
    day = cut_off.date() if cut_off else date(year + 1, 3, 31)
    if day.year >= LATEST.year:
        raise click.BadParameter(f"comes before {LATEST.year}", param_hint="--cut-off")
    with one_act():
        row = rounds.open_round(queries.newest_scheme(code), year, day, actor=SHELL, now=now())
        click.echo(f"{row.year}, cut-off {row.cut_off}: {row.public_id}")
        if row.trial:
            click.echo("A trial: the scheme's validity does not cover the end of this year; it never becomes final.")


@evaluation.command()
@click.option("--year", type=YEAR, help="This year's rounds only.")
def compute(year: int | None) -> None:
    """Compute every running round; exit code 1 where one could not be, which stops no other."""
    instant = now()
    due = rounds.prepare_due(now=instant, year=year)
    if not due.runs and not due.failures:
        click.echo("Nothing to compute: no such round is open, or it is final.")
    with one_act():
        rounds.record_due(due, actor=SHELL, now=instant)
    for run in due.runs:
        click.echo(f"{run.year}: {run.result.records} records, input {run.result.input_digest}")
        click.echo(f"{run.year}: {len(run.result.results)} units, result {run.result.result_digest}")
    for failure in due.failures:
        click.echo(f"Round {failure.round} FAILED: {_why(failure)}", err=True)
    if due.failures:
        sys.exit(1)


def _why(failure: rounds.Failure) -> str:
    with force_locale("en"):
        return " ".join(message(one) for one in failure.refusals) or failure.defect


@evaluation.command()
@click.option("--year", type=YEAR, required=True, help="Civil year of Shanghai.")
@click.option("--scheme", "code", default="provider", show_default=True)
@click.option("--as", "address", required=True, help="Address of the scheme manager who decides.")
@click.option("--reason", required=True, help="With the minutes of the meeting that decided.")
@click.confirmation_option(prompt="Nothing undoes this. Make the round final?")
def finalise(year: int, code: str, address: str, reason: str) -> None:
    """Verify the newest computation of a round and make the round final with it."""
    with one_act():
        round_ = queries.round_of(code, year)
        newest, actor = queries.newest_computation(round_), actor_for(known(address).id, now=now())
        looked_at = newest.public_id if newest else ""
        made = acts.finalise(round_.public_id, looked_at, reason, actor=actor, now=now())
        click.echo(f"{year} is final, result {made.result_digest}")


@evaluation.command()
@click.option("--year", type=YEAR, required=True, help="Civil year of Shanghai.")
@click.option("--scheme", "code", default="provider", show_default=True)
@click.option("--as", "address", required=True, help="Address of the scheme manager who decides.")
@click.option("--reason", required=True)
def close(year: int, code: str, address: str, reason: str) -> None:
    """Close a round that was opened by mistake; the year can be opened anew."""
    with one_act():
        actor = actor_for(known(address).id, now=now())
        acts.close(queries.round_of(code, year).public_id, reason, actor=actor, now=now())
        click.echo(f"The round of {year} is closed.")


@evaluation.command()
@click.option("--year", type=YEAR, help="This year's rounds only.")
def verify(year: int | None) -> None:
    """Compare what people see with what its inputs come to; exit code 1 and every difference where it does not hold."""
    bad = seen = 0
    for round_, _scheme, computation in session.execute(queries.rounds().order_by(Round.year, Round.id)).all():
        if computation is None or year not in (None, round_.year):
            continue
        found = differences(computation)
        seen, bad = seen + 1, bad + bool(found)
        click.echo(f"{round_.year}, as of {iso(computation.as_of)}: {'DIFFERS' if found else 'holds'}", err=bool(found))
        for one in found:
            click.echo(f"  {one.subject}, {one.field}: stored {one.stored}, computed {one.computed}", err=True)
    if not seen:
        click.echo("Nothing to verify: no such round has been computed.")
    if bad:
        sys.exit(1)
