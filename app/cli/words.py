"""Text typed at a shell, held to what a page would take."""

from __future__ import annotations

import click

from app.kernel.text import clean


class Words(click.ParamType):
    """One to `longest` characters that can be stored: bytes that are no UTF-8 arrive here as lone surrogates."""

    name = "text"

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            words = clean(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not 1 <= len(words) <= self.longest:
            self.fail(f"must have one to {self.longest} characters", param, ctx)
        return words
