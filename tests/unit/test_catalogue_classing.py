"""The class of an instrument as its names tell it."""

from __future__ import annotations

import pytest

from app.catalogue.rules.classing import known_class, suggested_class
from app.catalogue.seeds.class_words import CLASS_WORDS
from app.catalogue.seeds.classes import CLASSES


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["液相色谱质谱系统"], "0102"),
        (["高压液相色谱仪"], "0105"),
        (["核磁共振波谱仪"], "0106"),
        (["3.0T 磁共振成像系统"], "09"),
        (["FE-SEM SU8010"], "0101"),
        (["電子顕微鏡および関連機器", "走査型プローブ顕微鏡"], "0101"),
        (["分析仪器", "数字示波器"], "01"),
        (["分析仪器", "液质联用仪"], "0102"),
        (["その他", "卓上遠心機"], "0110"),
        (["Two beams"], None),
        (["その他", "某装置"], None),
        ([], None),
    ],
)
def test_names_tell_the_class(texts: list[str], code: str | None) -> None:
    assert suggested_class(texts, CLASS_WORDS) == code


def test_an_unknown_class_is_in_the_narrowest_known_one_above_it() -> None:
    known = {code for code, *_names in CLASSES}
    assert [known_class(code, known) for code in ("0102", "010205", "020100", "777777", None)] == [
        "0102",
        "0102",
        "02",
        None,
        None,
    ]


def test_the_words_point_at_classes_of_the_first_table() -> None:
    assert {code for _word, code in CLASS_WORDS} <= {code for code, *_names in CLASSES}
