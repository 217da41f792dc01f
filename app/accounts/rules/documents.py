"""The versions of the terms and the privacy notice that are in force; a new version is asked again."""

from __future__ import annotations

from collections.abc import Mapping

# Raise a version here when its text (templates/accounts/terms.html, privacy.html) changes in substance.
CURRENT: Mapping[str, str] = {"terms": "2026-11", "privacy": "2026-11"}
