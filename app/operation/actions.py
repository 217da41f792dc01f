"""What the audit records of operation."""

from __future__ import annotations

from app.audit.actions import Action


class BackupAction(Action):
    MADE = "backup.made"
    RESTORED = "backup.restored"
