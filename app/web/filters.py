"""The template filters and globals: formats and words under the names templates use."""

from __future__ import annotations

from datetime import date

from flask import Flask

from app.web import cells, formats, i18n, labels
from app.web.current import current_actor, now, request_id


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        cell=cells.display,
        clock=formats.clock,
        day=formats.day,
        duration=formats.duration,
        hours=formats.hours,
        label=labels.label,
        moment=formats.moment,
        moment_with_seconds=formats.moment_with_seconds,
        money=formats.money,
        named=i18n.named,
        number=formats.number,
        percent=formats.percent,
        message=labels.message,
        span=formats.span,
        wall=formats.wall,
        wan=formats.wan,
        yuan=formats.yuan,
    )
    app.jinja_env.tests["state"] = labels.has_badge
    app.jinja_env.tests["moment"] = lambda value: isinstance(value, date)  # days and instants, never broken in two
    app.jinja_env.globals.update(current_actor=current_actor, badge_of=labels.badge_of, now=now, request_id=request_id)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
