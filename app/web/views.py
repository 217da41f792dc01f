"""The shell's own endpoints: language, theme, and the accessibility statement."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.access import PUBLIC
from app.infra import events
from app.web import i18n
from app.web.blueprint import GuardedBlueprint
from app.web.current import current_actor
from app.web.preferences import keep
from app.web.redirects import back_path
from app.web.theme import COOKIE as THEME_COOKIE
from app.web.theme import THEMES

blueprint = GuardedBlueprint("web", __name__)


@blueprint.post("/language", permission=PUBLIC)
def language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    if chosen not in i18n.LANGUAGES:
        abort(400)
    user_id = current_actor().user_id
    if user_id is not None:
        events.publish(i18n.LanguageChosen(user_id, chosen))
    return keep(redirect(back_path("/")), i18n.COOKIE, chosen)


@blueprint.post("/theme", permission=PUBLIC)
def theme() -> ResponseReturnValue:
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    return keep(redirect(back_path("/")), THEME_COOKIE, chosen)


@blueprint.get("/accessibility", permission=PUBLIC)
def accessibility() -> ResponseReturnValue:
    return render_template("web/accessibility.html")
