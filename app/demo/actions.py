"""What the audit records of demo."""

from __future__ import annotations

from app.audit.actions import Action


class DemoAction(Action):
    LOADED = "demo.loaded"
