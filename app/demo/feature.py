"""The demo story: what this feature declares."""

from __future__ import annotations

from app.demo import labels
from app.demo.actions import DemoAction
from app.infra.feature import Feature

FEATURE = Feature(
    name="demo",
    actions=(DemoAction,),
    labels=labels,
)
