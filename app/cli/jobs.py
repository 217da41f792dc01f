"""`flask jobs`: the jobs process, and looking after it."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.infra import clock, jobs
from app.jobs.scheduler import Jobs, run_due
from app.jobs.table import JOBS

group = AppGroup("jobs", help="What runs by the clock: mail, long tasks, expiry, the nightly score.")


@group.command("run")
def run() -> None:
    """Run the jobs until SIGTERM. Several may run: one leads, another takes over when it dies."""
    Jobs(current_app._get_current_object()).run()  # type: ignore[attr-defined]


@group.command("once")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
def once(name: str) -> None:
    """Do the job NAME now, if a period of it is due and not done yet."""
    done = run_due(next(job for job in JOBS if job.name == name), now=clock.now())
    click.echo("\n".join(f"done: {name} {period}" for period in done) or f"{name} is not due: its last period is done")


@group.command("list")
def listed() -> None:
    """List the jobs with what becomes of missed periods and the last period done."""
    lease = jobs.lease()
    for job in JOBS:
        click.echo(f"{job.name:20} {job.missed:8} {jobs.last_period(job.name) or 'never'}")
    click.echo(f"leader: {lease.holder or 'none'}, heartbeat {lease.heartbeat_at:%Y-%m-%d %H:%M:%S} UTC")
