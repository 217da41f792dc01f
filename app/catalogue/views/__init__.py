"""The endpoints of the catalogue: the provider's own list, and the import wizard."""

from app.catalogue.views import holidays, imports, instruments, pictures
from app.catalogue.views.blueprint import blueprint

__all__ = ["blueprint", "holidays", "imports", "instruments", "pictures"]
