"""Logs: one JSON object a line in production, plain lines elsewhere, and nowhere a secret or a person's address."""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"passw|secret|token|cookie|authori[sz]ation|csrf|credential|^code$|^sid$|mail|mobile|phone|^address$|^params?$",
    re.IGNORECASE,
)
SECRET_TEXTS = (
    (re.compile(r"isp_[\w-]+"), "isp_" + HIDDEN),
    (re.compile(r"://[^/\s@]+@"), f"://{HIDDEN}@"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[mail]"),
    (re.compile(r"(?<!\d)(\+?86)?1[3-9]\d{9}(?!\d)"), "[mobile]"),
    (re.compile(r"(?i)\b(\w*(?:password|token|secret|code|key|sid))([\"']?\s*[=:]\s*)[^\s&,;)]+"), r"\1\2" + HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic) [\w.~+/=-]+"), r"\1 " + HIDDEN),
    # PostgreSQL repeats the values of the row here.
    (re.compile(r"DETAIL:.*"), f"DETAIL: {HIDDEN}"),
)

Event = MutableMapping[str, Any]


def configure(app: Flask) -> None:
    """Every logger writes to standard error in the form of this environment; tests keep their own."""
    if app.config["TESTING"]:
        return
    form = "json_formatter" if app.config["JSON_LOGS"] else "plain_formatter"
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"ours": {"()": f"{__name__}.{form}"}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours"}},
            "root": {"level": "INFO", "handlers": ["stderr"]},
            # They would tell of every tick and of every step.
            "loggers": {"apscheduler": {"level": "WARNING"}, "alembic": {"level": "WARNING"}},
        }
    )


def json_formatter() -> logging.Formatter:
    return _formatter(structlog.processors.JSONRenderer(ensure_ascii=False, default=str))


def plain_formatter() -> logging.Formatter:
    return _formatter(structlog.dev.ConsoleRenderer(colors=False))


def _formatter(renderer: Any) -> logging.Formatter:
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    return ProcessorFormatter(
        foreign_pre_chain=[add_log_level, add_logger_name, ExtraAdder(), stamp],
        processors=[ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, redact, renderer],
    )


def redact(_logger: Any, _method: str, event: Event) -> Event:
    """Hide what stands under a secret's name, and what looks like a secret or an address in any text."""
    return {name: HIDDEN if SECRET_NAMES.search(name) else _hidden(value) for name, value in event.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return redact(None, "", value)
    if isinstance(value, list | tuple):
        return [_hidden(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    for pattern, instead in SECRET_TEXTS:
        text = pattern.sub(instead, text)
    return text
