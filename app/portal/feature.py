"""Pages that cross features: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.infra.feature import Feature
from app.portal import views
from app.web.menu import FIND, MINE, Entry

FEATURE = Feature(
    name="portal",
    blueprints=(views.blueprint,),
    menu=(
        Entry(FIND, _l("Instruments and facilities"), "portal.find", "search", 10),
        Entry(MINE, _l("My desk"), "portal.desk", "layout-dashboard", 30),
    ),
)
