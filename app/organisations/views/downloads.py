"""Uploaded papers, handed out as files and never shown in the platform's own origin."""

from __future__ import annotations

from flask import Response, send_file

from app.infra import files


def handed_out(stored: files.StoredFile) -> Response:
    answer = send_file(
        files.path_of(stored.digest), mimetype=stored.media_type, as_attachment=True, download_name=stored.name
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
