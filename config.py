"""Settings by environment; production refuses to start without its secrets."""

from __future__ import annotations

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).parent


class Base:
    VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    TESTING = False
    DEBUG = False
    DEMO = False
    DATA_FOLDER = os.environ.get("DATA_FOLDER", str(ROOT / "instance"))
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'platform.db'}")
    # What was typed must not stand in the error messages, and so not in the logs.
    SQLALCHEMY_ENGINE_OPTIONS: ClassVar[dict[str, object]] = {"hide_parameters": True}
    JSON_LOGS = False
    SECRET_KEY = os.environ.get("SECRET_KEY", "")
    MAX_UPLOAD_BYTES = 32 << 20
    MAX_CONTENT_LENGTH = MAX_UPLOAD_BYTES + (1 << 20)
    MAX_FORM_MEMORY_SIZE = 1 << 20
    BABEL_DEFAULT_LOCALE = "zh_CN"
    BABEL_DEFAULT_TIMEZONE = "Asia/Shanghai"
    LANGUAGES = ("zh_CN", "en")
    SESSION_COOKIE_NAME = "sid"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_IDLE = timedelta(minutes=30)
    SESSION_ABSOLUTE = timedelta(hours=12)
    WTF_CSRF_TIME_LIMIT = 12 * 3600  # as long as a session can last: a form left open over lunch is still taken
    ARGON2_TIME_COST = 3
    ARGON2_MEMORY_KIB = 64 << 10
    JOBS_LEASE = timedelta(seconds=30)  # so long after its last heartbeat another jobs process takes over
    JOBS_KNOCK = timedelta(seconds=15)
    JOBS_POLL = timedelta(seconds=2)
    SMTP_URL = os.environ.get("SMTP_URL", "")  # smtp://user:password@host:587; empty: mail stays in the outbox
    MAIL_FROM = os.environ.get("MAIL_FROM", "")
    TRUSTED_PROXIES = os.environ.get("TRUSTED_PROXIES", "0")
    # What the footer and the header say; every value is the operator's to set.
    PLATFORM_NAME = os.environ.get("PLATFORM_NAME", "")
    ORGANISER = os.environ.get("ORGANISER", "")
    CONTRACTOR = os.environ.get("CONTRACTOR", "")
    ICP_NUMBER = os.environ.get("ICP_NUMBER", "")
    POLICE_NUMBER = os.environ.get("POLICE_NUMBER", "")
    SITE_CODE = os.environ.get("SITE_CODE", "")


class Development(Base):
    SECRET_KEY = os.environ.get("SECRET_KEY", "development-only-not-a-secret")
    DEMO = True


class Testing(Base):
    TESTING = True
    SECRET_KEY = "testing-only-not-a-secret"
    ARGON2_TIME_COST = 1
    ARGON2_MEMORY_KIB = 8


class Production(Base):
    JSON_LOGS = True
    DATA_FOLDER = os.environ.get("DATA_FOLDER", "")  # never inside the checkout, which an upgrade replaces
    ALLOW_SQLITE = os.environ.get("ALLOW_SQLITE") == "1"
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sid"
    PREFERRED_URL_SCHEME = "https"
    TRUSTED_HOSTS = [h for h in os.environ.get("TRUSTED_HOSTS", "").split(",") if h] or None


BY_NAME = {"development": Development, "testing": Testing, "production": Production}
