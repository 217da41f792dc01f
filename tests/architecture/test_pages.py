"""Every route is guarded and plainly named, every page is in the menu or excused, every word has its translation."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum

import pytest
from flask import Flask
from werkzeug.routing import Rule

import app as platform
from app.access import PUBLIC, SIGNED_IN, Permission
from app.access.permissions import SCOPES, scope_of
from app.api.operations import all_operations
from app.factory import create_app
from app.infra.feature import installed
from app.web import labels
from app.web.blueprint import permissions
from tests.rig.parts import ROOT
from tools import catalogues

# Enums that no page ever shows, each with the reason.
UNSHOWN = {
    "Intent": "an engine setting",
    "InputSource": "names what a digest covers",
    "Population": "which records an indicator looks at",
    "Unit": "how a value is written",
    "Versions": "how an operation of the API treats ETags",
    "DayKind": "what a public notice says of a day",
    "RowComparison": "decides a row's verdict, which is shown",
    "FileKind": "how a file is opened",
    "Ground": "why a column was suggested",
    "Missed": "shown at the shell only",
    "Notice": "names a message, whose text is shown",
    "DetailForm": "what a detail of an entry holds",
    "FirstReason": "reasons of form 1, which only verification reads",
    "MarkReason": "why a mark was asked for its reason, which is shown",
    "Outcome": "how a final round left a record, for the rounds after it",
    "Witness": "decides the grade of evidence, which is shown",
}


@pytest.fixture(scope="module")
def built() -> Flask:
    return create_app("testing", SQLALCHEMY_DATABASE_URI="sqlite://")


EXCUSED = {"web.accessibility"}  # the shell's own, in the footer


def _pages(app: Flask) -> Iterator[Rule]:
    """Doors that open without arguments, in a browser."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.arguments and not rule.rule.startswith(("/api/", "/static")):
            yield rule


def test_every_route_declares_its_permission(built: Flask) -> None:
    table = permissions(built)
    assert {rule.endpoint for rule in built.url_map.iter_rules()} - set(table) == set()
    assert set(table.values()) <= {*installed().policy, PUBLIC, SIGNED_IN}


def test_addresses_are_kebab_case_and_typed(built: Flask) -> None:
    for rule in built.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule


def test_every_page_is_in_the_menu_or_excused(built: Flask) -> None:
    shown = {entry.endpoint for entry in installed().menu}
    pages = {rule.endpoint for rule in _pages(built)}
    assert pages - shown - EXCUSED - set(installed().excused) == set()
    assert (shown | EXCUSED | set(installed().excused)) - pages == set(), (
        "a menu entry or excuse for a page that is not there"
    )


def _enums() -> Iterator[type[StrEnum]]:
    for module in pkgutil.walk_packages(platform.__path__, "app."):
        loaded = importlib.import_module(module.name)
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum:
                yield value


def test_every_enum_member_has_words(built: Flask) -> None:
    """Labels by class name, or a sentence where the member is a refusal's code."""
    missing = [
        f"{kind.__name__}.{member.value}"
        for kind in sorted(set(_enums()), key=lambda kind: kind.__name__)
        if kind.__name__ not in UNSHOWN and not issubclass(kind, Permission)  # shown to programs only, as scopes
        for member in kind
        if member.value not in labels.tables().labels.get(kind.__name__, labels.tables().refusals)
    ]
    assert missing == []


def test_enums_that_are_shown_have_names_of_their_own(built: Flask) -> None:
    shown = [kind.__name__ for kind in set(_enums()) if kind.__name__ in labels.tables().labels]
    assert len(shown) == len(set(shown)), "the table goes by class name"


def test_a_token_is_offered_what_opens_a_door_and_no_more(built: Flask) -> None:
    with built.app_context():
        asked = {operation.permission for operation in all_operations()} - {PUBLIC}
    assert {scope_of(permission) for permission in asked} == set(SCOPES)


def test_every_scope_of_a_token_has_words() -> None:
    assert {scope.split(":")[0] for scope in SCOPES} - set(labels.access.RESOURCES) == set()


def test_every_refusal_code_has_a_message(built: Flask) -> None:
    codes = set()
    for path in (ROOT / "app").rglob("*.py"):
        codes |= set(re.findall(r"""(?:refuse|Refusal)\(\s*"([a-z0-9-]+)\"""", path.read_text()))
    assert codes - set(labels.tables().refusals) == set()


def test_catalogues_are_complete_and_current() -> None:
    shell = catalogues.extracted(catalogues.SHELL)
    found = [
        fault
        for feature in catalogues.features()
        for language in catalogues.LANGUAGES
        for fault in catalogues.faults(feature, language, catalogues.updated(feature, language, shell))
    ]
    assert found + [fault for language in catalogues.LANGUAGES for fault in catalogues.disagreements(language)] == []


def test_translations_keep_the_places_of_their_figures() -> None:
    for feature in catalogues.features():
        for message in catalogues.read(feature, "zh_CN"):
            if message.id and isinstance(message.id, str):
                wanted, given = (set(re.findall(r"%\((\w+)\)", text)) for text in (message.id, str(message.string)))
                assert given <= wanted, message.id


def test_chinese_stands_only_in_catalogues_and_seeds() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("app", "assets")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"} and "seeds" not in path.parts and "demo" not in path.parts
        if _literal(path.read_text(), path.suffix)
    ]
    assert found == []


CHINESE = re.compile("[\u4e00-\u9fff]")


def _literal(text: str, suffix: str) -> bool:
    """Whether Chinese stands in what is shown: anything but comments and docstrings."""
    if suffix == ".py":
        return any(map(CHINESE.search, _constants(text)))
    comment = r"\{#(?s:.*?)#\}" if suffix == ".html" else r"/\*(?s:.*?)\*/|//[^\n]*"
    return CHINESE.search(re.sub(comment, "", text)) is not None


def _constants(text: str) -> Iterator[str]:
    """String literals as they stand in the source, so that an escaped range of characters is no Chinese."""
    tree = ast.parse(text)
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield ast.get_source_segment(text, node) or ""
