"""What the audit records of catalogue."""

from __future__ import annotations

from app.audit.actions import Action


class InstrumentAction(Action):
    CREATED = "instrument.created"
    CHANGED = "instrument.changed"
    STATE_CHANGED = "instrument.state-changed"
    MANAGERS_CHANGED = "instrument.managers-changed"


class ImportAction(Action):
    STARTED = "import.started"
    DISCARDED = "import.discarded"
    COMPLETED = "import.completed"


class HolidayAction(Action):
    CHANGED = "holiday.changed"
    REMOVED = "holiday.removed"


class ReferenceAction(Action):
    NOTED = "reference.noted"
