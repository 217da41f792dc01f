"""What is called how: the English name for an English reader where there is one, else the registered name."""

from __future__ import annotations

import pytest

from app.kernel.names import Names, name_in


@pytest.mark.parametrize(
    ("language", "english", "shown"),
    [
        ("en", "Electron microscope", "Electron microscope"),
        ("en", "", "电子显微镜"),
        ("zh_CN", "Electron microscope", "电子显微镜"),
        ("zh_CN", "", "电子显微镜"),
    ],
)
def test_a_reader_is_shown_a_name_of_their_language(language: str, english: str, shown: str) -> None:
    assert name_in(language, Names("电子显微镜", english)) == shown
