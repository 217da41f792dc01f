"""Catalogues keep messages of one text apart by their context, from the code to the page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.support import Translations

from tools import catalogues

CODE = b"""
from flask_babel import lazy_pgettext, pgettext
MONEY = pgettext("money", "Received")
SAMPLES = lazy_pgettext("samples", "Received")
"""


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    found = extract("python", BytesIO(CODE), catalogues.KEYWORDS)
    messages = [(Path("billing/views.py"), message, context) for _line, message, _comments, context in found]
    monkeypatch.setattr(catalogues, "said", lambda: messages)
    return catalogues.updated("billing", "zh_CN", Catalog())


def test_one_english_word_has_two_chinese_ones(catalog: Catalog) -> None:
    chinese = {"money": "已到账", "samples": "已收样"}
    assert {(m.id, m.context) for m in catalog if m.id} == {("Received", context) for context in chinese}
    for message in catalog:
        message.string = chinese.get(message.context or "", message.string)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    spoken = Translations(compiled)
    assert {context: spoken.pgettext(context, "Received") for context in chinese} == chinese


def test_what_is_not_translated_is_named_once_for_each_context(catalog: Catalog) -> None:
    missing = [
        fault for fault in catalogues.faults("billing", "zh_CN", catalog) if "not translated: 'Received'" in fault
    ]
    assert len(missing) == 2
