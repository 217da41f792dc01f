# ruff: noqa: RUF001 - full-width characters are what is tested
"""Search: Chinese pairs, Latin, mixtures and synonyms, the same on both engines."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.rules.search import bigrams, fts5_match, like_patterns, matches, parse_query, synonym_table
from app.catalogue.seeds.synonyms import SYNONYMS

ROWS = {
    "sem": "场发射扫描电子显微镜 甲乙 S-4800",
    "tem": "透射电镜 JEM2100",
    "xrd": "Ｘ射线衍射仪 X'Pert PRO",
    "japanese": "走査型電子顕微鏡（SEM） ミクロトーム",
    "icp": "电感耦合等离子体质谱 iCAP6000",
    "nmr": "核磁共振波谱仪 AVANCE III 400",
    "assembler": "semi-automatic assembly unit 装配台",
}
TOKENS = {key: bigrams(text) for key, text in ROWS.items()}


def found(text: str) -> set[str]:
    query = parse_query(text, SYNONYMS)
    return {key for key, tokens in TOKENS.items() if query and matches(query, tokens)}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("质谱", {"icp"}),
        ("电镜", {"sem", "tem", "japanese"}),
        ("SEM", {"sem", "japanese"}),
        ("扫描电镜", {"sem", "japanese"}),
        ("ｓ-4800", {"sem"}),
        ("s4800", {"sem"}),
        ("4800", {"sem"}),
        ("icap", {"icp"}),
        ("6000", {"icp"}),
        ("x射线", {"xrd"}),
        ("XRD", {"xrd"}),
        ("谱", {"icp", "nmr"}),
        ("仪", {"xrd", "nmr"}),
        ("质谱 icap", {"icp"}),
        ("质谱 核磁", set()),
        ("甲乙扫描电子显微镜", {"sem"}),
        ("甲乙电镜", {"sem"}),
        ("顕微鏡", {"japanese"}),
        ("ミクロトーム", {"japanese"}),
        ("assembly", {"assembler"}),
        ("asse", {"assembler"}),
        ("Electron  Microscope", {"sem", "tem", "japanese"}),
        ("mass spectrometer icap", {"icp"}),
        ("场发射 electron microscope", {"sem"}),
        ("镜子", set()),
        ("", set()),
        ("（）！", set()),
        ('" OR *', set()),
    ],
)
def test_queries(text: str, keys: set[str]) -> None:
    assert found(text) == keys


def test_synonyms_are_symmetric_and_wide_words_include_narrow_ones() -> None:
    table = synonym_table([("电镜", "EM"), ("扫描电镜", "SEM")], {"电镜": ("SEM",)})
    assert set(table["扫描电镜"]) == {"sem"}
    assert set(table["电镜"]) == set(table["em"]) - {"电镜"} | {"em"} == {"em", "sem", "扫描电镜"}


@pytest.fixture
def engine() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        'CREATE VIRTUAL TABLE words USING fts5(key UNINDEXED, tokens, tokenize="unicode61 remove_diacritics 0")'
    )
    connection.execute("CREATE TABLE plain (key, tokens)")
    for table in ("words", "plain"):
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", TOKENS.items())
    return connection


QUERIES = [
    "电镜",
    "sem",
    "x射线 pro",
    "谱",
    "甲乙电镜",
    "s-4800",
    "ミクロトーム",
    "核磁共振",
    "iii 400",
    "装配",
    "i",
    "oR and NOT",
    "質量",
]


@pytest.mark.parametrize("text", QUERIES)
def test_fts5_and_like_find_exactly_what_the_rule_says(engine: sqlite3.Connection, text: str) -> None:
    query = parse_query(text, SYNONYMS)
    by_index = engine.execute("SELECT key FROM words WHERE words MATCH ?", (fts5_match(query),))
    assert {key for (key,) in by_index} == found(text)
    conditions, values = [], []
    for term in like_patterns(query):
        ways = [" AND ".join("tokens LIKE ?" for _ in way) for way in term]
        conditions.append("(" + " OR ".join(f"({way})" for way in ways) + ")")
        values += [pattern for way in term for pattern in way]
    by_pattern = engine.execute(f"SELECT key FROM plain WHERE {' AND '.join(conditions)}", values)
    assert {key for (key,) in by_pattern} == found(text)


words = st.text("电镜质谱仪核磁扫描顕微鏡ーｱあaz09-/ ．・é", min_size=1, max_size=12)


@given(words)
def test_every_text_is_found_by_any_part_of_itself_a_user_would_type(text: str) -> None:
    tokens = bigrams(text)
    for part in text.split():
        query = parse_query(part, {})
        assert not query or matches(query, tokens)


@given(words, words)
def test_any_query_is_an_expression_the_engine_accepts(text: str, stored: str) -> None:
    query = parse_query(text, SYNONYMS)
    if not query:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute('CREATE VIRTUAL TABLE words USING fts5(tokens, tokenize="unicode61 remove_diacritics 0")')
    connection.execute("INSERT INTO words VALUES (?)", (bigrams(stored),))
    hits = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (fts5_match(query),)).fetchone()[0]
    assert hits == matches(query, bigrams(stored))
    connection.close()
