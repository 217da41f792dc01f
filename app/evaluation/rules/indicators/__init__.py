"""The indicators a scheme may use: one file each, and one line in the literal table below."""

from __future__ import annotations

from collections.abc import Mapping

from app.evaluation.rules.indicators.client_count import ClientCount
from app.evaluation.rules.indicators.completeness import Completeness
from app.evaluation.rules.indicators.indicator import Indicator, Measured, Method, Population, RowColumn, Unit
from app.evaluation.rules.indicators.satisfaction import Satisfaction
from app.evaluation.rules.indicators.service_count import ServiceCount
from app.evaluation.rules.indicators.service_income import ServiceIncome

TABLE: tuple[type[Indicator], ...] = (
    ServiceCount,
    ServiceIncome,
    ClientCount,
    Satisfaction,
    Completeness,
)

INDICATORS: Mapping[str, type[Indicator]] = {indicator.code: indicator for indicator in TABLE}

__all__ = ["INDICATORS", "Indicator", "Measured", "Method", "Population", "RowColumn", "Unit"]
