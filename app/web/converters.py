"""What stands in an address is read no wider than the database keeps it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

BIGGEST_ID = 2**63 - 1


class IdConverter(IntegerConverter):
    """`<int:…>`: a larger number names nothing, and both engines would stumble over it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": BIGGEST_ID, **options})


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
