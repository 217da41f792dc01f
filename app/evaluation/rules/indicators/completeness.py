"""佐证完整率: required evidence that is present, over all external services that ended in the year, counted or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.kernel.civil import civil_year
from app.ledger.rules.exclusions import Reason
from app.ledger.rules.facts import ChargeKind, Confirmation, ServiceFacts, received
from app.ledger.rules.verdicts import Judgement

EVIDENCE: Mapping[str, Callable[[ServiceFacts], bool]] = {
    "confirmation": lambda f: f.confirmation is Confirmation.CLIENT,
    "invoice": lambda f: f.charged == 0 or f.invoiced >= f.charged,
    "receipt": lambda f: f.charged == 0 or received(f) >= f.charged,
    "report": lambda f: f.reported,
    "rating": lambda f: f.rating is not None,
}
"""What a scheme may require in `required`; money papers are not missed where nothing was charged."""

DEFAULT = ("confirmation", "invoice", "receipt")


def measure(judged: Sequence[Judgement], year: int, settings: Settings) -> Measured:
    """Setting `required`: names out of EVIDENCE."""
    external = [j.facts for j in judged if _external_service(j, year)]
    asked = [EVIDENCE[name] for name in settings.get("required", DEFAULT)]
    present = sum(there(facts) for facts in external for there in asked)
    if not external or not asked:
        return Measured(Fraction(0), 0, "no-external-services")
    return Measured(Fraction(present, len(external) * len(asked)), len(external))


def _external_service(judgement: Judgement, year: int) -> bool:
    facts = judgement.facts
    ours = any(Reason.OWN_LEGAL_PERSON in v.reasons for v in judgement.verdicts.values())
    happened = facts.kind is ChargeKind.SERVICE and not facts.cancelled
    return happened and not ours and civil_year(facts.ended) == year


COMPLETENESS = Indicator(IndicatorCode.COMPLETENESS, "Art. 13 ¶1, further indicators", Method.SHARE, measure)
