"""`flask backup` and `flask restore`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app import audit
from app.access.actor import system
from app.audit import Subject
from app.cli.progress import Bars
from app.infra import clock, jobs
from app.infra.backup import services
from app.infra.backup.manifest import Failure
from app.infra.db import session
from app.infra.transactions import transaction
from app.operation.actions import BackupAction

SHELL = system("shell")
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("into", type=FOLDER)
@with_appcontext
def backup(into: Path) -> None:
    """Write a backup of database and files as a new folder in INTO, while the platform goes on working."""
    now = clock.now()
    try:
        with Bars() as watch:
            made, digest = services.make(into, now=now, watch=watch)
    except (Failure, OSError) as failure:  # a full disk, a folder that may not be written
        raise click.ClickException(str(failure)) from failure
    with transaction():
        mark = jobs.claim("backup", f"{now:%Y-%m-%dT%H:%M:%SZ}", now=now)
        mark.outcome = {"folder": str(made), "digest": digest}
        audit.record(BackupAction.MADE, Subject("backups", made.name), actor=SHELL, now=now, after={"digest": digest})
    click.echo(f"{made}\nSHA-256 of its manifest: {digest}")


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is here. Stop web and jobs processes first.")
@with_appcontext
def restore(folder: Path, force: bool) -> None:  # noqa: FBT001  an option of the shell
    """Bring the backup in FOLDER back, check its digests, its rows and its audit chain.

    Refuses a place where people, audit entries or files are. On PostgreSQL it needs a role that owns the tables.
    """
    if not force and not services.is_empty():
        raise click.ClickException("this place is not empty; --force replaces what is here")
    try:
        with Bars() as watch:
            kept = services.restore(folder, watch=watch)
    except Failure as failure:
        raise click.ClickException(str(failure)) from failure
    session.remove()
    if fault := audit.verify():
        raise click.ClickException(f"restored, but the audit chain does not hold: {fault}")
    after = {"made_at": kept.made_at, "audit_length": int(kept.facts.audit[0])}
    with transaction():
        audit.record(BackupAction.RESTORED, Subject("backups", folder.name), actor=SHELL, now=clock.now(), after=after)
    rows = sum(kept.facts.tables.values())
    click.echo(f"Restored {rows} rows and {len(kept.facts.files)} files as of {kept.made_at}; the audit chain holds.")
