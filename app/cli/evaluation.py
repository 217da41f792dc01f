"""Commands for the yearly evaluation at a shell."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.access.actor import system
from app.cli.refusals import one_act
from app.evaluation import queries
from app.evaluation.models import Round
from app.evaluation.queries import judged
from app.evaluation.services import rounds, schemes
from app.infra.clock import now
from app.infra.db import session
from app.kernel.civil import EARLIEST, LATEST, civil_day, iso

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
    """Publish the scheme in the file at PATH as the next edition."""
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
        if civil_day(now()) > row.cut_off:
            click.echo("The cut-off has passed: the next computation is final. Verify imported history before it.")


@evaluation.command()
@click.option("--year", type=int, help="This year's rounds only.")
def compute(year: int | None) -> None:
    """Compute every round that is not final; past its cut-off a round becomes final."""
    instant = now()
    runs = [run for run in rounds.prepare_due(now=instant) if year in (None, run.year)]
    if not runs:
        click.echo("Nothing to compute: no such round is open, or it is final.")
    for run in runs:
        with one_act():
            rounds.record_due([run], actor=SHELL, now=instant)
        click.echo(f"{run.year}: {run.result.records} records, input {run.result.input_digest}")
        click.echo(f"{run.year}: {len(run.result.results)} units, result {run.result.result_digest}")


@evaluation.command()
@click.option("--year", type=int, help="This year's rounds only.")
def verify(year: int | None) -> None:
    """Compute again what the scoreboards show, from what was frozen with it; exit code 1 where the digests differ."""
    bad = seen = 0
    for round_, scheme, computation in session.execute(queries.rounds().order_by(Round.year, Round.id)):
        if computation is None or year not in (None, round_.year):
            continue
        holds = judged.holds(computation, round_, scheme)
        seen, bad = seen + 1, bad + (not holds)
        click.echo(f"{round_.year}, as of {iso(computation.as_of)}: {'holds' if holds else 'DIFFERS'}", err=not holds)
    if not seen:
        click.echo("Nothing to verify: no such round has been computed.")
    if bad:
        sys.exit(1)
