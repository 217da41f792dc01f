"""`ApiBlueprint`: endpoints that parse a typed body, call one service and answer a typed model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError

from app.api.operations import Operation, Versions, remember
from app.api.problems import BadBody
from app.infra import idempotency
from app.infra.db import session
from app.infra.transactions import discard_deferred
from app.kernel.errors import DomainError, refuse
from app.web.blueprint import GuardedBlueprint
from app.web.current import current_actor, now
from app.web.security import csrf

BASE = "/api/v1"
LONGEST_KEY = 64


@dataclass(frozen=True)
class ApiResponse:
    """What an operation answers: a model, the version of the row behind it, where it now lives."""

    model: BaseModel
    version: int | None = None
    location: str | None = None


class ApiBlueprint(GuardedBlueprint):
    """A capability's operations. The idempotency key of a POST takes effect once, whoever repeats it."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name, url_prefix=BASE)
        csrf.exempt(self)

    def operation(
        self,
        method: str,
        rule: str,
        *,
        permission: str,
        summary: LazyString,
        answer: type[BaseModel],
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        status: int = 200,
        versions: Versions = Versions.NONE,
    ) -> Callable[[Callable[..., ApiResponse]], Callable[..., ApiResponse]]:
        """Register `view(body=…, query=…, version=…, **path)` as one operation."""

        def register(view: Callable[..., ApiResponse]) -> Callable[..., ApiResponse]:
            described = Operation(
                f"{self.name}.{view.__name__}",
                method,
                rule,
                summary,
                permission,
                answer,
                body=body,
                query=query,
                status=status,
                versions=versions,
            )
            self.add_url_rule(rule, view.__name__, _endpoint(view, described), methods=[method], permission=permission)
            self.record(lambda state: _note(state.app, described))
            return view

        return register


def _note(app: Any, described: Operation) -> None:
    assert isinstance(app, Flask)  # noqa: S101  narrows Flask's own annotation
    remember(app, described)


def _endpoint(view: Callable[..., ApiResponse], operation: Operation) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def endpoint(**path: Any) -> ResponseReturnValue:
        given: dict[str, Any] = {name: str(value) for name, value in path.items()}
        if operation.body is not None:
            given["body"] = _parsed(operation.body, _json())
        if operation.query is not None:
            given["query"] = _parsed(operation.query, request.args.to_dict(), strict=False)
        if operation.versions is not Versions.NONE:
            given["version"] = _if_match(operation)
        if operation.method == "POST":
            return _once(lambda: _respond(view(**given), operation), given.get("body"))
        return _respond(view(**given), operation)

    return endpoint


def _json() -> Any:
    if not request.is_json:
        abort(415)
    try:
        return request.get_json()
    except RecursionError:  # a hundred thousand brackets
        abort(400)


def _parsed(model: type[BaseModel], data: Any, *, strict: bool | None = None) -> BaseModel:
    try:
        return model.model_validate(data, strict=strict)
    except ValidationError as error:
        raise BadBody(error)


def _if_match(operation: Operation) -> int | None:
    tag = request.headers.get("If-Match", "").strip()
    if tag in {"", "*"}:
        if operation.versions is Versions.REQUIRED:
            abort(428)
        return None
    version = tag.removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise refuse("bad-etag")
    return int(version)


def _respond(answered: ApiResponse, operation: Operation) -> Response:
    response = make_response(answered.model.model_dump_json(), operation.status)
    response.headers["Content-Type"] = "application/json"
    if answered.version is not None:
        response.headers["ETag"] = f'"{answered.version}"'
    if answered.location is not None:
        response.headers["Location"] = answered.location
    return response


def _once(act: Callable[[], Response], body: BaseModel | None) -> Response:
    """The same key with the same body gets the first answer again; with another body it is refused."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > LONGEST_KEY:
        raise refuse("idempotency-key-too-long", limit=LONGEST_KEY)
    answered = body.model_dump(mode="json", exclude_unset=True) if body is not None else None
    asked = {"actor_key": current_actor().key, "route": f"POST {request.path}", "key": key, "body": answered}
    return _replayed(asked) or _first(asked, act)


def _first(asked: dict[str, Any], act: Callable[[], Response]) -> Response:
    try:
        response = act()
        kept = {
            "body": response.get_json(),
            "headers": {k: v for k, v in response.headers if k in {"ETag", "Location"}},
        }
        idempotency.remember(**asked, status=response.status_code, answer=kept, now=now())
        session.flush()
    except (DomainError, IntegrityError):
        # The other of two at the same moment was quicker? Then its effect stands, and is what refused this one.
        session.rollback()
        earlier = _replayed(asked)
        if earlier is None:
            raise
        discard_deferred()
        return earlier
    return response


def _replayed(asked: dict[str, Any]) -> Response | None:
    earlier = idempotency.earlier_answer(**asked)
    if earlier is None:
        return None
    status, kept = earlier
    response = make_response(kept["body"], status)
    response.headers.extend(kept["headers"])
    response.headers["Idempotent-Replayed"] = "true"
    return response
