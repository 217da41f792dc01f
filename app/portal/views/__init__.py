"""The public pages: find, and one instrument."""

from app.portal.views import desk, find, instrument
from app.portal.views.blueprint import blueprint

__all__ = ["blueprint", "desk", "find", "instrument"]
