"""`flask demo load` and `flask demo accounts`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.demo import load as story
from app.demo.people import PASSWORD, PEOPLE
from app.infra.clock import now
from app.infra.transactions import transaction

demo = AppGroup("demo", help="The invented story that a development server shows.")


def _refuse_elsewhere() -> None:
    if not current_app.config["DEMO"]:
        raise click.ClickException("demo data is for development only (DEMO is off)")


@demo.command("load")
def load() -> None:
    """Write the story once; a database that has it is left alone."""
    _refuse_elsewhere()
    with transaction():
        if story.loaded():
            click.echo("The demo story is there already.")
            return
        counts = story.load(now=now())
        story.evaluate(now=now())
    click.echo("Demo story: " + ", ".join(f"{number} {name}" for name, number in counts.items()))


@demo.command("accounts")
def accounts() -> None:
    """Who can sign in."""
    _refuse_elsewhere()
    for person in PEOPLE:
        if person.shown:
            click.echo(f"  {person.key}@demo.invalid".ljust(30) + person.shown)
    click.echo(f"  password for all: {PASSWORD}")
