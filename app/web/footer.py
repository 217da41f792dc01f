"""Who runs this site and under which filings: settings that stand at the foot of every page."""

from __future__ import annotations

from flask import current_app, url_for
from flask_babel import gettext as _


def site_name() -> str:
    return current_app.config["PLATFORM_NAME"] or _("Shared Scientific Instruments")


def footer() -> list[tuple[str, str]]:
    """(label, text) of every setting that has been filled in."""
    config = current_app.config
    lines = (
        (_("Hosted by"), config["ORGANISER"]),
        (_("Run by"), config["CONTRACTOR"]),
        (_("ICP filing"), config["ICP_NUMBER"]),
        (_("Public security filing"), config["POLICE_NUMBER"]),
        (_("Site code"), config["SITE_CODE"]),
        (_("Version"), config["VERSION"]),
    )
    return [(label, text) for label, text in lines if text]


def footer_links() -> list[tuple[str, str]]:
    pages = {
        "accounts.terms": _("Terms of use"),
        "accounts.privacy": _("Privacy notice"),
        "web.accessibility": _("Accessibility statement"),
    }
    return [(url_for(page), label) for page, label in pages.items() if page in current_app.view_functions]
