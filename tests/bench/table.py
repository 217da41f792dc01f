"""What a run measured, as one table of ratios."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from app.infra.db import session


@dataclass
class Table:
    """Ours beside the barest way to the same answer; the ratio says how many times as much ours takes."""

    rows: list[tuple[str, str, float, float | None]] = field(default_factory=list)

    def add(self, what: str, engine: str, ours: float, raw: float | None = None) -> None:
        self.rows.append((what, engine, ours, raw))

    def __str__(self) -> str:
        head = f"| {'':<62} | {'engine':<10} | {'ours':>8} | {'raw':>8} | {'ratio':>6} |"
        order = list(dict.fromkeys(row[0] for row in self.rows))
        lines = [_line(*row) for row in sorted(self.rows, key=lambda row: order.index(row[0]))]
        return "\n".join([head, f"|{'---|' * 5}", *lines])


def _line(what: str, engine: str, ours: float, raw: float | None) -> str:
    beside = f"{_short(raw):>8} | {ours / raw:>6.1f}" if raw else f"{'':>8} | {'':>6}"
    return f"| {what:<62} | {engine:<10} | {_short(ours):>8} | {beside} |"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def median_ms(act: Callable[[], object], times: int = 7) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        session.rollback()
    return median(taken)


def megabytes(process: int, line: str = "VmRSS") -> float:
    """Resident memory of a process now, or with "VmHWM" the most it ever was since `forget_peak`."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split(f"{line}:")[1].split()[0]) / 1024


def forget_peak(process: int) -> None:
    Path(f"/proc/{process}/clear_refs").write_text("5")
