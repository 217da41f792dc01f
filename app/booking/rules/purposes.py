"""What a use is declared to be for."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """serviceDirection of the national platform (研究, 开发, 教学, 其他), its last one told apart.

    A scheme names those that it does not count (domain.md §5, R1); for the national platform all but the
    first three are 其他.
    """

    RESEARCH = "research"
    DEVELOPMENT = "development"
    TEACHING = "teaching"
    OTHER = "other"
    STATUTORY_TEST = "statutory-test"
    ENFORCEMENT = "enforcement"
    COMMERCIAL_INSPECTION = "commercial-inspection"
    FILMING = "filming"
    MEDICAL_CARE = "medical-care"
    TELECOM_BILLING = "telecom-billing"
