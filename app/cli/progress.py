"""Long work at a shell: a bar per step, on standard error."""

from __future__ import annotations

import sys
from typing import Any

import click


class Bars:
    """Called with (what is done, how much, of how much in all); each new step gets a bar of its own."""

    def __init__(self) -> None:
        self.what = ""
        self.bar: Any = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self.what:
            self.close()
            self.what = what
            self.bar = click.progressbar(length=total, label=what, file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.bar.pos)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
