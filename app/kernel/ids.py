"""Public identifiers: UUIDv7 (RFC 9562), sortable by birth and telling nothing else."""

from __future__ import annotations

import os
import time
import uuid


def new_public_id() -> str:
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))
