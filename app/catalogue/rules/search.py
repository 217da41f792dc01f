"""Search that finds two-character Chinese terms, Latin words, mixed ones and their synonyms.

Text becomes tokens: overlapping pairs for Chinese and Japanese (plus the last character of a run,
so that one character alone finds by prefix), words and their letter and digit parts for the rest.
One column of tokens serves both engines: FTS5 MATCH on SQLite, LIKE with a trigram index on
PostgreSQL; `fts5_match` and `like_patterns` mean exactly the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.kernel.text import fold

_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
_IDEOGRAPHS = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PAIRED = f"{_IDEOGRAPHS}{_KANA}\uac00-\ud7af"
_RUN = re.compile(rf"([{_PAIRED}]+)|((?:(?![{_PAIRED}])[^\W_])+)")
_WORD_PART = re.compile(r"\d+|[^\d]+")
_COMPOUND = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:-[a-z0-9]+)+")

Synonyms = Mapping[str, tuple[str, ...]]
MAX_TERMS = 12
"""More words than this in one query are left out: they only narrow, and each costs an index look-up."""


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]


def _word_tokens(word: str) -> list[str]:
    return list(dict.fromkeys([word, *_WORD_PART.findall(word)]))


def _tokens(text: str) -> Iterator[str]:
    folded = fold(text)
    for match in _RUN.finditer(folded):
        yield from _pairs(match[1]) if match[1] else _word_tokens(match[2])
    for compound in _COMPOUND.findall(folded):
        yield compound.replace("-", "")


def bigrams(*texts: str) -> str:
    """The token column of a row: tokens between single spaces, with a space at either end."""
    tokens = " ".join(token for text in texts for token in _tokens(text))
    return f" {tokens} "


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent tokens; the last one may be the beginning of a token where `prefix` is set."""

    tokens: tuple[str, ...]
    prefix: bool


Alternatives = tuple[tuple[Phrase, ...], ...]
"""One of these ways; each way is phrases that must all be there."""


@dataclass(frozen=True, slots=True)
class Query:
    """Every term must hit, each in any of its alternatives."""

    terms: tuple[Alternatives, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse_query(text: str, synonyms: Synonyms) -> Query:
    """Split into terms, cut known words out of unspaced runs, and add synonyms."""
    known = sorted(synonyms, key=len, reverse=True)
    plain = " ".join(fold(text).split())
    terms = (term for piece in _cut_out(plain, known) for term in ([piece] if piece in synonyms else piece.split()))
    alternatives = (_alternatives(term, synonyms) for term in dict.fromkeys(terms))
    return Query(tuple(a for a in alternatives if a)[:MAX_TERMS])


def _cut_out(word: str, known: Iterable[str]) -> list[str]:
    """Divide at the longest known word inside, as in 日立电镜 or in hitachi electron microscope."""
    for term in known:
        if term in word and _whole(term, word):
            before, _, after = word.partition(term)
            return [*_cut_out(before, known), term, *_cut_out(after, known)]
    return [word] if word else []


def _whole(term: str, word: str) -> bool:
    """A Latin term must stand by itself: `sem` is not cut out of `assembly`."""
    if not term.isascii():
        return True
    return re.search(rf"(?<![a-z0-9]){re.escape(term)}(?![a-z0-9])", word) is not None


def _alternatives(term: str, synonyms: Synonyms) -> Alternatives:
    """A term of the table is complete as it stands: SEM does not mean semi-automatic."""
    if term not in synonyms:
        return (_phrases(term),) if _phrases(term) else ()
    ways = (tuple(_complete(p) for p in _phrases(word)) for word in (term, *synonyms[term]))
    return tuple(way for way in dict.fromkeys(ways) if way)


def _phrases(term: str) -> tuple[Phrase, ...]:
    return tuple(_phrase(match) for match in _RUN.finditer(fold(term)))


def _complete(phrase: Phrase) -> Phrase:
    return replace(phrase, prefix=False) if phrase.tokens[0].isascii() else phrase


def _phrase(match: re.Match[str]) -> Phrase:
    run = match[1]
    if run is None:
        return Phrase((match[2],), prefix=True)
    if len(run) == 1:
        return Phrase((run,), prefix=True)
    return Phrase(tuple(_pairs(run)[:-1]), prefix=False)


def fts5_match(query: Query) -> str:
    """The FTS5 expression for a `bigrams` column; every token is quoted, so nothing is an operator."""
    return " AND ".join(f"({' OR '.join(_fts5_way(way) for way in term)})" for term in query.terms)


def _fts5_way(way: tuple[Phrase, ...]) -> str:
    return f"({' AND '.join(_fts5_phrase(p) for p in way)})"


def _fts5_phrase(phrase: Phrase) -> str:
    quoted = '"' + " ".join(phrase.tokens) + '"'
    return f"{quoted} *" if phrase.prefix else quoted


def like_patterns(query: Query) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """For each term, for each alternative, the LIKE patterns that must all match the `bigrams` column."""
    return tuple(tuple(tuple(_like(p) for p in way) for way in term) for term in query.terms)


def _like(phrase: Phrase) -> str:
    # Tokens consist of letters and digits alone, so there is nothing to escape.
    return f"% {' '.join(phrase.tokens)}{'%' if phrase.prefix else ' %'}"


def matches(query: Query, tokens: str) -> bool:
    """Whether a row with this token column is found: what both engines must agree with."""
    return all(any(all(_like(p)[1:-1] in tokens for p in way) for way in term) for term in query.terms)


def synonym_table(groups: Iterable[tuple[str, ...]], narrower: Mapping[str, tuple[str, ...]]) -> Synonyms:
    """Words of one group mean the same; a wider word also finds every word of its narrower groups."""
    table: dict[str, tuple[str, ...]] = {}
    folded = [tuple(fold(word) for word in group) for group in groups]
    for group in folded:
        for word in group:
            others = tuple(w for w in group if w != word)
            table[word] = tuple(dict.fromkeys([*table.get(word, ()), *others]))
    for wide, words in narrower.items():
        below = [w for word in words for w in (fold(word), *table.get(fold(word), ()))]
        for name in (fold(wide), *table.get(fold(wide), ())):
            table[name] = tuple(dict.fromkeys([*table.get(name, ()), *(w for w in below if w != name)]))
    return table
