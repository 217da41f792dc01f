"""The indicators a scheme may use: one file each, and one line in the literal table below."""

from __future__ import annotations

from collections.abc import Mapping

from app.evaluation.rules.indicators.client_count import CLIENT_COUNT
from app.evaluation.rules.indicators.completeness import COMPLETENESS
from app.evaluation.rules.indicators.indicator import Gathering, Indicator, IndicatorCode, Measured, Method, Settings
from app.evaluation.rules.indicators.satisfaction import SATISFACTION
from app.evaluation.rules.indicators.service_count import SERVICE_COUNT
from app.evaluation.rules.indicators.service_income import SERVICE_INCOME

INDICATORS: Mapping[IndicatorCode, Indicator] = {
    IndicatorCode.SERVICE_COUNT: SERVICE_COUNT,
    IndicatorCode.SERVICE_INCOME: SERVICE_INCOME,
    IndicatorCode.CLIENT_COUNT: CLIENT_COUNT,
    IndicatorCode.SATISFACTION: SATISFACTION,
    IndicatorCode.COMPLETENESS: COMPLETENESS,
}

__all__ = ["INDICATORS", "Gathering", "Indicator", "IndicatorCode", "Measured", "Method", "Settings"]
