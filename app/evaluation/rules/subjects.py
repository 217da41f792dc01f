"""Who is assessed: beneficiary → its subjects, whose record a service is, and what is read besides the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.ledger.rules.facts import ServiceFacts


class InputSource(StrEnum):
    """What a computation reads; each enters the digest of the inputs under its name."""

    UNITS = "units"
    """The subjects with what they had opened."""
    CUT_OFFS = "cut_offs"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Subjects:
    """`subject_of` names the subject whose record a service is."""

    subject_of: Callable[[ServiceFacts], str]
    sources: tuple[InputSource, ...]


SUBJECTS: Mapping[str, Subjects] = {
    "provider": Subjects(lambda facts: facts.unit, (InputSource.UNITS, InputSource.CUT_OFFS, InputSource.RECORDS)),
}
"""One line for each kind of beneficiary; `queries/subjects.py` lists the subjects themselves."""
