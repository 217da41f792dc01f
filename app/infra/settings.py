"""Settings that features below the web need, without knowing Flask."""

from __future__ import annotations

from typing import Any

from flask import current_app


def setting(name: str) -> Any:
    return current_app.config[name]


def secret() -> bytes:
    """The key of commitments and signatures."""
    return str(current_app.config["SECRET_KEY"]).encode()
