"""Mail, telephone and web address of an instrument."""

from __future__ import annotations

import pytest

from app.catalogue.rules.contact import faults


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("email", "lab.one@pku.edu.example"),
        ("phone", "010-81292233"),
        ("phone", "(010) 8129 2233"),
        ("phone", "+86 138 0013 8000"),
        ("phone", "010-81292233\u8f6c8012"),
        ("phone", "81292233 ext. 12"),
        ("phone", "010-81292233\u300113800138000"),
        ("phone", "\uff10\uff11\uff10-81292233"),
        ("service_url", "https://lab.example.org/sem?id=1"),
        ("service_url", "http://lab.example.org:8080/"),
        ("service_url", "https://\u5b9e\u9a8c\u5ba4.example/"),
        ("phone", ""),
    ],
)
def test_what_works_is_taken(name: str, text: str) -> None:
    assert list(faults({name: text})) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("email", "lab"),
        ("email", "lab@example"),
        ("email", "13800138000"),
        ("phone", "ask at the desk"),
        ("phone", "1"),
        ("phone", "010-81292233,"),
        ("phone", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667"),
        ("service_url", "lab.example.org"),
        ("service_url", "javascript:alert(1)"),
        ("service_url", "https://localhost/"),
        ("service_url", "https://user:secret@lab.example.org/"),
        ("service_url", "https://lab.example.org/a b"),
        ("service_url", "https://[::1"),
        ("service_url", "https://lab.example.org:x/"),
    ],
)
def test_what_leads_nowhere_is_refused_at_its_field(name: str, text: str) -> None:
    assert [(one.code, one.field) for one in faults({name: text})] == [(f"{name.replace('_', '-')}-unusable", name)]
