"""佐证完整率: required evidence that is present, over all external services that ended in the year, counted or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.evaluation.rules.documents import setting
from app.evaluation.rules.indicators.indicator import Indicator, Measured, Method, Population, RowColumn, Unit
from app.evaluation.rules.readers import list_of, one_of
from app.ledger.rules.amounts import charge, covered
from app.ledger.rules.exclusions import Measure, Reason
from app.ledger.rules.facts import ChargeKind, Confirmation, ServiceFacts
from app.ledger.rules.verdicts import Judgement

EVIDENCE: Mapping[str, Callable[[ServiceFacts], bool]] = {
    "confirmation": lambda f: f.confirmation is Confirmation.CLIENT,
    "invoice": lambda f: f.invoiced >= charge(f),
    "receipt": lambda f: covered(f) >= charge(f),
    "report": lambda f: f.reported,
    "rating": lambda f: f.rating is not None,
}
"""What a scheme may require in `required`; money papers are not missed where nothing was charged."""


class Completeness(Indicator):
    code = "completeness"
    clause = "Art. 13 ¶1, further indicators"
    measure = Measure.COUNT
    method = Method.SHARE
    unit = Unit.SHARE
    columns = (RowColumn.PAPERS,)
    population = Population.EXTERNAL
    notes = ("no-external-services",)

    @dataclass(frozen=True, slots=True)
    class Settings:
        """`required`: names out of EVIDENCE."""

        required: tuple[str, ...] = setting(list_of(one_of(EVIDENCE), least=1), ("confirmation", "invoice", "receipt"))

    def __init__(self, year: int, settings: Settings) -> None:
        super().__init__(year, settings)
        self.required = [EVIDENCE[name] for name in settings.required]
        self.external = self.present = 0

    def add(self, one: Judgement) -> None:
        if external_service(one, self.year):
            self.external += 1
            self.present += sum(there(one.facts) for there in self.required)

    def measured(self) -> Measured:
        if not self.external:
            return Measured(Fraction(0), 0, "no-external-services")
        return Measured(Fraction(self.present, self.external * len(self.required)), self.external)


def external_service(judgement: Judgement, year: int) -> bool:
    """Whether its evidence is looked at at all."""
    facts = judgement.facts
    ours = any(Reason.OWN_LEGAL_PERSON in v.reasons for v in judgement.verdicts.values())
    happened = facts.kind is ChargeKind.SERVICE and not facts.cancelled
    return happened and not ours and facts.service_year == year


def papers(facts: ServiceFacts) -> tuple[str, ...]:
    """All the evidence that is there, required or not."""
    return tuple(name for name, there in EVIDENCE.items() if there(facts))
