"""The doors of the catalogue: the provider's own list, and the import wizard."""

from app.catalogue.views import imports, instruments, pictures
from app.catalogue.views.room import room

__all__ = ["imports", "instruments", "pictures", "room"]
