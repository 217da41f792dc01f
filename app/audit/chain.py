"""What the hash of an entry covers; a verifier needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.kernel.canonical import digest

GENESIS = "0" * 64
COVERED = (
    "id",
    "at",
    "action",
    "actor",
    "address_commitment",
    "subject_kind",
    "subject_id",
    "before",
    "after",
    "previous_hash",
)


def entry_hash(fields: Mapping[str, Any]) -> str:
    return digest({name: fields[name] for name in COVERED})


def first_fault(entries: Iterable[Mapping[str, Any]], *, length: int, head: str) -> str | None:
    """Name the first entry that does not fit the chain, or say that the end is not the known head."""
    previous, place = GENESIS, 0
    for place, entry in enumerate(entries, start=1):
        if entry["id"] != place:
            return f"entry {place} is missing"
        if entry["previous_hash"] != previous:
            return f"entry {place} does not follow entry {place - 1}"
        if entry["hash"] != entry_hash(entry):
            return f"entry {place} was altered"
        previous = entry["hash"]
    if (place, previous) != (length, head):
        return f"the chain ends at entry {place}, its head says {length}"
    return None
