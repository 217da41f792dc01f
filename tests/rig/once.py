"""Costly things made once per test session, whichever worker asks first."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(folder: Path, name: str, make: Callable[[], object]) -> None:
    """Call `make` unless some worker of this session already has; the others wait for it."""
    done = folder / f"{name}.done"
    with locked(folder / f"{name}.lock"):
        if not done.exists():
            make()
            done.touch()
