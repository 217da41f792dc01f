"""`flask` commands: what an operator does at a shell; each speaks, shows progress and ends with an exit code."""

from __future__ import annotations

from flask import Flask
from flask_migrate.cli import db

from app.cli import audit, backups, catalogue, config, evaluation, jobs, mail, people
from app.cli.refusals import spoken
from app.demo.commands import demo

COMMANDS = tuple(
    map(
        spoken,
        (
            db,
            demo,
            jobs.group,
            mail.group,
            audit.group,
            config.group,
            backups.backup,
            backups.restore,
            catalogue.catalogue,
            catalogue.holidays,
            catalogue.seed,
            catalogue.importing,
            people.users,
            people.token_group,
            people.organisations,
            evaluation.evaluation,
        ),
    )
)


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
