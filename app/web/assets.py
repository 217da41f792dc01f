"""Addresses of the built browser files: `asset('app.js')` and `icon('calendar')` in every template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from markupsafe import Markup

ONE_YEAR = 365 * 24 * 3600

_ICON = Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>')


class Manifest:
    """What tools/build-assets.mjs wrote: file names with their hashes, and the icons of the sprite."""

    def __init__(self, folder: Path) -> None:
        try:
            written: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        except FileNotFoundError:
            raise RuntimeError("the browser files are not built: run `make setup`") from None
        self.files: dict[str, str] = written["files"]
        self.icons = frozenset[str](written["icons"])

    def asset(self, name: str) -> str:
        """URL of a built file; an unknown name raises, so that the page fails in its first test."""
        return url_for("static", filename=self.files[name])

    def icon(self, name: str, extra: str = "") -> Markup:
        """Draw an icon of assets/icons.txt; words always stand beside it."""
        if name not in self.icons:
            raise LookupError(f'assets/icons.txt does not list "{name}"')
        return _ICON.format(extra, self.asset("icons.svg"), name)


def init_app(app: Flask) -> None:
    manifest = Manifest(Path(app.static_folder or ""))
    app.jinja_env.globals.update(asset=manifest.asset, icon=manifest.icon)
    app.after_request(keep_for_good)


def keep_for_good(response: Response) -> Response:
    """A built file never changes under its name: the hash in the name does."""
    if request.endpoint == "static" and response.status_code == 200:
        response.cache_control.public = True
        response.cache_control.no_cache = None
        response.cache_control.max_age = ONE_YEAR
        response.cache_control.immutable = True
    return response
