"""`GuardedBlueprint`: a blueprint that will not register a route without a declared permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, redirect, request
from flask.sansio.app import App
from flask.typing import ResponseReturnValue

from app.access import PUBLIC, SIGNED_IN, require_scope
from app.access.authority import may
from app.web.current import current_actor, wants_page
from app.web.once import once
from app.web.redirects import sign_in_address
from app.web.resend import offer_resend


class GuardedBlueprint(Blueprint):
    """A blueprint whose routes each name who may call them."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, template_folder="templates", **options)

    def route(self, rule: str, **options: Any) -> Callable[[Any], Any]:
        if options.get("permission") is None:
            raise TypeError(f"the route {rule} of {self.name} declares no permission")
        return super().route(rule, **options)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        permission = options.pop("permission", None)
        if permission is None:
            raise TypeError(f"the route {rule} of {self.name} declares no permission")
        endpoint = endpoint or view_func.__name__
        super().add_url_rule(rule, endpoint, once(view_func), *args, **options)
        name = f"{self.name}.{endpoint}"
        self.record(lambda state: _remember(state.app, name, permission))


def _remember(app: App, endpoint: str, permission: str) -> None:
    permissions(app)[endpoint] = permission  # Flask itself refuses a second view under the same name


def permissions(app: App) -> dict[str, str]:
    """The permission of every endpoint: what the guard, the menu and the access matrix read."""
    table: dict[str, str] = app.extensions.setdefault("route_permissions", {"static": PUBLIC})
    return table


def recognise() -> None:
    """Find the actor before everything else, reading only: pages for nobody and errors need it too."""
    if request.endpoint != "static":
        current_actor()


def guard() -> ResponseReturnValue | None:
    """Before any view, and before anything is loaded: sign-in for nobody, 403 for who may it nowhere."""
    if request.endpoint is None:
        return None
    permission = permissions(current_app)[request.endpoint]
    if permission == PUBLIC:
        return None
    if current_actor().user_id is None:
        return _ask_to_sign_in()
    if permission != SIGNED_IN:
        require_scope(current_actor(), permission)
    if not may(current_actor(), permission):
        abort(403)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if not wants_page():
        abort(401)
    if request.method not in {"GET", "HEAD"}:
        return offer_resend(401)
    return redirect(sign_in_address())
