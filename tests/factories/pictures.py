"""Photographs as people take them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def photograph(width: int = 40, height: int = 30, kind: str = "PNG", **more: object) -> bytes:
    """Half red, half blue, so that a turned one is told from an upright one."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (0, 0, width // 2, height))
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()
