"""佐证完整率: required evidence that is present, over all external services that ended in the year, counted or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.amounts import charge, covered
from app.ledger.rules.exclusions import Reason
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

DEFAULT = ("confirmation", "invoice", "receipt")


class Completeness:
    """Setting `required`: names out of EVIDENCE."""

    def __init__(self, year: int, settings: Settings) -> None:
        self.year = year
        self.asked = [EVIDENCE[name] for name in settings.get("required", DEFAULT)]
        self.external = self.present = 0

    def add(self, one: Judgement) -> None:
        if external_service(one, self.year):
            self.external += 1
            self.present += sum(there(one.facts) for there in self.asked)

    def measured(self) -> Measured:
        if not self.external or not self.asked:
            return Measured(Fraction(0), 0, "no-external-services")
        return Measured(Fraction(self.present, self.external * len(self.asked)), self.external)


def external_service(judgement: Judgement, year: int) -> bool:
    """Whether its evidence is looked at at all."""
    facts = judgement.facts
    ours = any(Reason.OWN_LEGAL_PERSON in v.reasons for v in judgement.verdicts.values())
    happened = facts.kind is ChargeKind.SERVICE and not facts.cancelled
    return happened and not ours and facts.service_year == year


COMPLETENESS = Indicator(IndicatorCode.COMPLETENESS, "Art. 13 ¶1, further indicators", Method.SHARE, Completeness)
