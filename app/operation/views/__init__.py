"""The endpoints of the operation."""

from app.operation.views import health, overview
from app.operation.views.blueprint import blueprint

__all__ = ["blueprint", "health", "overview"]
