"""What production must have before it serves anybody."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.infra import jobs
from app.infra.db import db, session

SHORTEST_SECRET = 32
FEWEST_DIFFERENT = 10  # characters: a word typed over and over is no secret


class Misconfigured(RuntimeError):
    """Start-up refused; the message names the setting and the remedy."""


def faults(app: Flask) -> list[str]:
    """Every reason why these settings must not serve the public, at once."""
    config = app.config
    found = []
    if len(config["SECRET_KEY"]) < SHORTEST_SECRET:
        found.append(f"SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters")
    elif len(set(config["SECRET_KEY"])) < FEWEST_DIFFERENT or "not-a-secret" in config["SECRET_KEY"]:
        found.append(
            "SECRET_KEY can be guessed; make one with `python -c 'import secrets; print(secrets.token_hex())'`"
        )
    if app.debug or config["TESTING"]:
        found.append("debug and testing must be off")
    if config["DEMO"]:
        found.append("DEMO must be off")
    if not config.get("TRUSTED_HOSTS"):
        found.append("TRUSTED_HOSTS must name the hosts this platform answers to")
    if config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") and not config.get("ALLOW_SQLITE"):
        found.append("DATABASE_URL must name a PostgreSQL database (or set ALLOW_SQLITE=1 for one small host)")
    if config["SMTP_URL"] and not config["MAIL_FROM"]:
        found.append("MAIL_FROM must name the sender of the mail that SMTP_URL carries")
    return found


def refuse_unsafe(app: Flask, environment: str) -> None:
    if environment == "production" and (found := faults(app)):
        raise Misconfigured("; ".join(found))


def refuse_demo_data(app: Flask, environment: str) -> None:
    """Invented people and figures must never be served as real ones. A database that cannot be asked yet is not
    refused here: migrations are still to come, and `/readyz` keeps asking."""
    if environment != "production":
        return
    with app.app_context():
        try:
            found = jobs.done(*jobs.DEMO)
        except DBAPIError:
            found = False
        session.remove()
        db.engine.dispose()
    if found:
        raise Misconfigured("the database holds demo data; production needs one that never did")


def trust_proxies(app: Flask) -> None:
    """Believe what so many proxies in front say of the visitor's address, and nobody else."""
    if count := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
