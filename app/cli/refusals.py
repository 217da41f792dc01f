"""A refusal at the shell: its sentences on standard error, exit code 2, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import force_locale

from app.infra.transactions import transaction
from app.kernel.errors import DomainError
from app.web.words import sentence


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
            told = [sentence(refusal) for refusal in error.refusals] or [str(error)]
        raise Refusal(" ".join(told)) from error
