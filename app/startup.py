"""What production must have before it serves anybody."""

from __future__ import annotations

from flask import Flask

SHORTEST_SECRET = 32


class Misconfigured(RuntimeError):
    """Start-up refused; the message names the setting and the remedy."""


def faults(app: Flask) -> list[str]:
    """Every reason why these settings must not serve the public, at once."""
    config = app.config
    found = []
    if len(config["SECRET_KEY"]) < SHORTEST_SECRET:
        found.append(f"SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters")
    if app.debug or config["TESTING"]:
        found.append("debug and testing must be off")
    if config["DEMO"]:
        found.append("DEMO must be off")
    if not config.get("TRUSTED_HOSTS"):
        found.append("TRUSTED_HOSTS must name the hosts this platform answers to")
    if config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") and not config.get("ALLOW_SQLITE"):
        found.append("DATABASE_URL must name a PostgreSQL database (or set ALLOW_SQLITE for one small host)")
    return found


def refuse_unsafe(app: Flask, environment: str) -> None:
    if environment == "production" and (found := faults(app)):
        raise Misconfigured("; ".join(found))
