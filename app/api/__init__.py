"""The JSON shell of /api/v1: operations with typed bodies and answers, problems, paging, OpenAPI."""

from __future__ import annotations

from flask import Flask

from app.api import auth, docs
from app.api.blueprint import ApiBlueprint
from app.api.problems import present
from app.web.errors import present_api_errors

__all__ = ["ApiBlueprint", "init_app"]


def init_app(app: Flask) -> None:
    auth.init_app(app)
    present_api_errors(app, present)
    app.register_blueprint(docs.blueprint)
