"""Pages that hold one browser part each, under the platform's own policy, to try the part apart from any feature."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.serving import make_server

from app.web import assets
from app.web.security import CONTENT_SECURITY_POLICY
from tests.rig.parts import ROOT


class Workbench:
    """What its feed answers, and what was asked of it and sent to it."""

    def __init__(self) -> None:
        self.address = ""
        self.clear()

    def clear(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.sent: list[dict[str, str]] = []

    def page(self, name: str) -> str:
        """The address of pages/`name`.html."""
        return f"{self.address}/pages/{name}"


@contextmanager
def laid_out() -> Iterator[Workbench]:
    bench = Workbench()
    server = make_server("127.0.0.1", 0, _application(bench), threaded=True)
    bench.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield bench
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _application(bench: Workbench) -> Flask:
    app = Flask(
        __name__, template_folder="pages", static_folder=str(ROOT / "app/static/dist"), static_url_path="/static"
    )
    assets.init_app(app)

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    @app.get("/pages/<name>")
    def page(name: str) -> str:
        return render_template(f"{name}.html")

    @app.get("/feed")
    def feed() -> Response:
        bench.asked.append(request.args.to_dict())
        return jsonify(items=bench.items)

    @app.post("/sent")
    def sent() -> str:
        bench.sent.append(request.form.to_dict())
        return render_template("layout.html")

    return app
