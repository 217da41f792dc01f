"""One line per request: which route, how it ended, how long it took, for whom; never what was typed or asked."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from app.web.current import request_id

log = logging.getLogger("app.requests")


def init_app(app: Flask) -> None:
    app.before_request_funcs.setdefault(None, []).insert(0, start)
    app.after_request(write)


def start() -> None:
    g.started = time.perf_counter()


def write(response: Response) -> Response:
    """The route's pattern stands for the path: paths and queries may carry secrets."""
    actor = g.get("actor")
    taken = time.perf_counter() - g.started if "started" in g else 0.0
    facts = {
        "request_id": request_id(),
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round(taken * 1000, 1),
        "user_id": actor.user_id if actor else None,
    }
    log.info("request", extra=facts)
    return response
