"""What production must have before it serves anybody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from click import ClickException
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.infra import jobs
from app.infra.db import db, session

SHORTEST_SECRET = 32
FEWEST_DIFFERENT = 10  # characters: a word typed over and over is no secret


DRIVERS = ("postgresql+psycopg", "sqlite")


class Misconfigured(ClickException):
    """Start-up refused; the message names the setting and the remedy, at a shell without a traceback."""


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
    if not Path(config["DATA_FOLDER"]).is_absolute():
        found.append("DATA_FOLDER must be the whole path of the folder for uploaded files")
    if config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") and not config.get("ALLOW_SQLITE"):
        found.append("DATABASE_URL must name a PostgreSQL database (or set ALLOW_SQLITE=1 for one small host)")
    if config["SMTP_URL"] and not config["MAIL_FROM"]:
        found.append("MAIL_FROM must name the sender of the mail that SMTP_URL carries")
    if config["SMTP_URL"] and not _names_a_mail_server(config["SMTP_URL"]):
        found.append(
            "SMTP_URL must read smtp://host:587 or smtps://host, with user:password@ before the host if needed"
        )
    return found


def _names_a_mail_server(url: str) -> bool:
    try:
        server = urlsplit(url)
        return server.scheme in {"smtp", "smtps"} and bool(server.hostname) and server.port != 0
    except ValueError:  # a port that is no number
        return False


def refuse_unknown(environment: str, known: Iterable[str]) -> None:
    if environment not in known:
        raise Misconfigured(f"APP_ENV is {environment!r}; it must be one of {', '.join(known)}")


def refuse_unreadable(app: Flask) -> None:
    """What no environment can start with: it would only fail later, and in other words."""
    try:
        driver = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).drivername
    except ArgumentError:
        driver = ""
    if driver not in DRIVERS:
        raise Misconfigured("DATABASE_URL must begin with postgresql+psycopg:// or sqlite:///")
    if not str(app.config["TRUSTED_PROXIES"]).isdecimal():
        raise Misconfigured("TRUSTED_PROXIES must be a number: how many reverse proxies stand in front")


def open_data_folder(app: Flask) -> None:
    try:
        Path(app.config["DATA_FOLDER"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"DATA_FOLDER cannot be used: {error}") from error


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
    if count := int(app.config["TRUSTED_PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
