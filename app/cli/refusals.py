"""Told at the shell in words, not by a traceback: a refusal with exit code 2, a database out of reach with 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.access import Permission
from app.infra.transactions import transaction
from app.kernel.errors import DomainError, Forbidden
from app.web.labels import message


class Refusal(click.ClickException):
    exit_code = 2


@contextmanager
def one_act() -> Iterator[None]:
    """One transaction; what the rules refuse is told in words."""
    try:
        with transaction():
            yield
    except DomainError as error:
        with force_locale("en"):
            explained = [message(refusal) for refusal in error.refusals] or [_plain(error)]
        raise Refusal(" ".join(explained)) from error


def _plain(error: DomainError) -> str:
    """Whoever may not even see the row is told the same: who stands at the shell knows that it is there."""
    denied = isinstance(error, Forbidden) or any(isinstance(explained, Permission) for explained in error.args)
    return f"This person may not do that: {error}" if denied else str(error)


def spoken(command: click.Command) -> click.Command:
    """The command, and those below it, with a database that is down, foreign or not migrated told in words."""
    for inner in getattr(command, "commands", {}).values():
        spoken(inner)
    if command.callback is not None:
        command.callback = _spoken(command.callback)
    return command


def _spoken(act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def explained(*args: Any, **options: Any) -> Any:
        try:
            return act(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            first = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(
                f"the database says: {first}\n`flask config check` tells what is missing"
            ) from error

    return explained
