"""What the layout of every page needs at hand."""

from __future__ import annotations

from uuid import uuid4

from babel import Locale
from flask import Flask

from app.access.authority import may
from app.web import assets, footer, i18n, menu, redirects, theme


def page_language() -> str:
    """For the lang attribute: zh-CN or en."""
    return i18n.spoken().replace("_", "-")


def language_name(language: str) -> str:
    """Each language by its own name."""
    return Locale.parse(language).language_name or language


def new_key() -> str:
    """For a button that posts: see web.once."""
    return uuid4().hex


def other_language() -> str:
    return i18n.ENGLISH if i18n.spoken() == i18n.CHINESE else i18n.CHINESE


def init_app(app: Flask) -> None:
    assets.init_app(app)
    app.jinja_env.globals.update(
        footer=footer.footer,
        footer_links=footer.footer_links,
        asked=redirects.asked,
        current_path=redirects.current_path,
        language_name=language_name,
        may=may,
        menus=menu.menus,
        new_key=new_key,
        other_language=other_language,
        other_theme=theme.other_theme,
        page_language=page_language,
        site_name=footer.site_name,
        theme=theme.theme,
    )
