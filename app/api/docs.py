"""The description of the API, for machines and for people."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import PUBLIC, Permission
from app.api.blueprint import BASE
from app.api.openapi import document
from app.api.operations import Operation, all_operations
from app.web.blueprint import GuardedBlueprint
from app.web.footer import site_name

blueprint = GuardedBlueprint("api", "app.api")


@blueprint.get(f"{BASE}/openapi.json", permission=PUBLIC)
def openapi() -> ResponseReturnValue:
    return document(all_operations(), title=site_name())


@blueprint.get("/api/docs", permission=PUBLIC)
def page() -> ResponseReturnValue:
    described = document(all_operations(), title=site_name())
    known = sorted(all_operations(), key=lambda one: (one.tag, one.rule, one.method))
    groups = [(tag, [(one, scope_of(one)) for one in part]) for tag, part in groupby(known, key=lambda one: one.tag)]
    schemas = described["components"]["schemas"]
    return render_template("api/docs.html", groups=groups, base=BASE, schemas=schemas, written=_written)


def _written(schema: dict[str, Any]) -> str:
    """As a reader of any language reads it: no character escaped."""
    return json.dumps(schema, ensure_ascii=False, indent=2)


def scope_of(one: Operation) -> str:
    return Permission(one.permission).scope if one.permission in set(Permission) else ""
