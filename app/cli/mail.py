"""`flask mail`: messages that a mail server would not take."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.infra import outbox
from app.infra.clock import now
from app.infra.transactions import transaction

group = AppGroup("mail", help="Messages to people.")


@group.command("again")
def again() -> None:
    """Have the messages that were given up tried once more, when the mail server works again."""
    with transaction():
        count = outbox.try_again(now=now())
    click.echo(f"{count} messages are due again.")
