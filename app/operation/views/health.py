"""What a supervisor and a load balancer ask: is the process up, and may it be sent visitors."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.access import PUBLIC
from app.infra import readiness
from app.operation.views.blueprint import blueprint


@blueprint.get("/healthz", permission=PUBLIC)
def healthz() -> ResponseReturnValue:
    return {"status": "up"}


@blueprint.get("/readyz", permission=PUBLIC)
def readyz() -> ResponseReturnValue:
    faults = readiness.faults()
    return {"status": "not ready" if faults else "ready", "faults": faults}, 503 if faults else 200
