"""服务频次: counted services of the year, each client up to a ceiling where the scheme sets one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


def measure(judged: Sequence[Judgement], _year: int, settings: Settings) -> Measured:
    """Setting `per_client_ceiling`: the most services of one client that count."""
    ceiling = settings.get("per_client_ceiling")
    by_client: Counter[str] = Counter()
    for one in judged:
        if one.verdicts[Measure.COUNT].counts:
            by_client[one.facts.client_person or one.facts.client] += 1
    capped = [n if ceiling is None else min(n, ceiling) for n in by_client.values()]
    note = "client-ceiling-reached" if sum(capped) < by_client.total() else None
    return Measured(Fraction(sum(capped)), by_client.total(), note)


SERVICE_COUNT = Indicator(IndicatorCode.SERVICE_COUNT, "Art. 13 ¶1, service count", Method.TARGET, measure, policy=True)
