"""A year to evaluate: the first scheme published, and a round open for 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.access.actor import system
from app.evaluation.models import Round, Scheme
from app.evaluation.services import rounds, schemes
from app.infra.transactions import transaction
from tests.factories.cast import Cast

SHELL = system("test")


@pytest.fixture
def scheme(cast: Cast, now: datetime) -> Scheme:
    with transaction():
        return schemes.seed(actor=SHELL, now=now)


@pytest.fixture
def running(scheme: Scheme, now: datetime) -> Round:
    with transaction():
        return rounds.open_round(scheme, 2026, date(2027, 3, 31), actor=SHELL, now=now)
