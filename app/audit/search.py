"""Finding entries by what their subject is called: the audit holds ids only, each feature knows its own names."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Select


@dataclass
class SubjectSearch:
    """Asked of features: which of your rows are called so? They add table → select of public ids to `found`."""

    words: str
    found: dict[str, Select[str]] = field(default_factory=dict)
