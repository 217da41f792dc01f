"""Two languages, Chinese first: which one a request speaks, and where the catalogues come from.

The committed .po files are read directly, one per feature, so that no compiled copy can be stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, Domain, get_locale

from app.kernel.names import name_in

CHINESE, ENGLISH = "zh_CN", "en"
LANGUAGES = (CHINESE, ENGLISH)
COOKIE = "language"
CATALOGUES = Path(__file__).parents[1] / "translations"


@dataclass(frozen=True)
class LanguageChosen:
    """A signed-in person switched the language; accounts keeps it for mails and other devices."""

    user_id: int
    language: str


@cache
def catalogue(language: str) -> Translations:
    """All features' catalogues of one language as one."""
    merged = Translations()
    merged._catalog = {}
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as text:
            compiled = BytesIO()
            write_mo(compiled, read_po(text, locale=language))
        compiled.seek(0)
        of_feature = Translations(compiled)
        merged.merge(of_feature)
        merged.plural = of_feature.plural
    return merged


def spoken() -> str:
    """The language in force; Babel itself writes zh_CN as zh_Hans_CN."""
    locale = get_locale()
    return ENGLISH if locale is not None and locale.language == "en" else CHINESE


class Catalogues(Domain):
    """What flask_babel asks for its translations."""

    def get_translations(self) -> NullTranslations:
        return catalogue(spoken()) if get_locale() else NullTranslations()


def chinese() -> bool:
    """Whether the reader is shown Chinese: for names that are kept in both languages."""
    return spoken() == CHINESE


def named(row: Any) -> str:
    """The name of an instrument, a facility or an organisation as this page shows it; nothing for None."""
    return "" if row is None else name_in(spoken(), row)


def by_name(rows: Iterable[Any]) -> list[Any]:
    """Rows that come in the order of their Chinese names, in the order of the names shown."""
    return list(rows) if chinese() else sorted(rows, key=lambda row: named(row).casefold())


def named_choices(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """(public id, name shown) for a choice, in the order of the names shown."""
    return [(row.public_id, named(row)) for row in by_name(rows)]


def account_language(app: Flask, resolve: Callable[[], str | None]) -> None:
    """Let a higher feature say which language the signed-in person chose; web itself knows no accounts."""
    app.extensions["account_language"] = resolve


def selected_language() -> str:
    """The visitor's cookie, else the account's language, else Chinese; of a program its Accept-Language."""
    if not has_request_context():
        return CHINESE
    if request.path.startswith("/api/v1/"):  # a program has no cookie
        return ENGLISH if request.accept_languages.best_match(["zh", "en"]) == "en" else CHINESE
    chosen = request.cookies.get(COOKIE)
    if chosen not in LANGUAGES and (resolve := current_app.extensions.get("account_language")):
        chosen = resolve()
    return chosen if chosen in LANGUAGES else CHINESE


class TwoLanguages(Babel):
    """flask_babel over the merged catalogues."""

    @property
    def domain_instance(self) -> Catalogues:
        return Catalogues()


def init_app(app: Flask) -> None:
    TwoLanguages().init_app(
        app, default_locale=CHINESE, default_timezone="Asia/Shanghai", locale_selector=selected_language
    )
