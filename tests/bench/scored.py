"""`python -m tests.bench.scored YEAR`: computes the rounds of a year in a process of its own, and says what that took.

Prints the resident memory before and at the peak, in megabytes.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from sqlalchemy import select

from app.evaluation.models import Round
from app.evaluation.services import rounds
from app.factory import create_app
from app.infra.db import session
from tests.bench.table import forget_peak, megabytes

if __name__ == "__main__":
    with create_app().app_context():
        round_ = session.scalars(select(Round).where(Round.year == int(sys.argv[1]))).one()
        forget_peak(os.getpid())
        before = megabytes(os.getpid())
        rounds.evaluate(round_, now=datetime(int(sys.argv[1]) + 1, 1, 20, tzinfo=UTC))
        print(before, megabytes(os.getpid(), "VmHWM"))
