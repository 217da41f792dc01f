"""The facets of the find page: each value with the number that the other choices leave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import lazy_gettext as _l

from app.access import NOBODY
from app.catalogue import queries as catalogue
from app.catalogue.models import AssetKind, ServiceMode
from app.kernel.civil import civil_day
from app.kernel.text import clean
from app.portal import queries
from app.portal.queries import Alike
from app.web.current import now
from app.web.i18n import chinese, named
from app.web.labels import choices
from app.web.listing import searched

Named = Sequence[tuple[str, str]]

PRICED = {"hourly": _l("Hourly price listed"), "asked": _l("Price on request")}
WORTH = {"300k": _l("300,000 yuan and more"), "500k": _l("500,000 yuan and more")}


@dataclass(frozen=True)
class Facet:
    """What of an instrument it looks at, and the words of those values, in the order shown."""

    values: Callable[[Alike], Collection[str]]
    named: Callable[[Counter[str]], Named]


def _classes(counts: Counter[str]) -> Named:
    names = class_names()
    return [(code, names.get(code) or names.get(f"{code}0000", code)) for code, _number in counts.most_common()]


def _providers(counts: Counter[str]) -> Named:
    sharing = dict.fromkeys((row.provider, row.provider_names) for row in found())
    elsewhere = counts.keys() - {provider for provider, _names in sharing}  # chosen, but the words find nothing of it
    shown = [(key, named(names)) for key, names in [*sharing, *queries.provider_names(elsewhere)]]
    return shown if chinese() else sorted(shown, key=lambda choice: choice[1].casefold())


def _fields(_counts: Counter[str]) -> Named:
    return list(reference()[1].items())


FACETS: Mapping[str, Facet] = {
    "class": Facet(lambda row: [row.class_code], _classes),
    "provider": Facet(lambda row: [row.provider], _providers),
    "town": Facet(lambda row: [row.town], lambda counts: [(town, town) for town in sorted(counts)]),
    "mode": Facet(lambda row: row.modes, lambda _counts: choices(ServiceMode)),
    "price": Facet(
        lambda row: ["hourly" if row.priced else "asked"], lambda _counts: [(k, str(v)) for k, v in PRICED.items()]
    ),
    "worth": Facet(lambda row: row.worth, lambda _counts: [(k, str(v)) for k, v in WORTH.items()]),
    "field": Facet(lambda row: row.fields, _fields),
    "kind": Facet(lambda row: [row.kind], lambda _counts: choices(AssetKind)),
}


def offered(name: str) -> Callable[[], Named]:
    """The choices of one facet as the list page asks for them: words and number; what is empty is left out."""
    return lambda: _offered(name)


def _offered(name: str) -> Named:
    facet, chosen = FACETS[name], _chosen()
    others = [(FACETS[other].values, value) for other, value in chosen.items() if other != name]
    counts: Counter[str] = Counter()
    for row in found():
        if all(value in values(row) for values, value in others):
            counts.update(dict.fromkeys(filter(None, facet.values(row)), row.number))
    kept = chosen.get(name)  # stays to be seen, even where the other choices leave it nothing
    if kept:
        counts[kept] += 0
    return [(v, f"{words} ({counts[v]})") for v, words in facet.named(counts) if counts[v] or v == kept]


def _chosen() -> dict[str, str]:
    """What the query string chooses, as far as the facet has a word for it."""
    if "facets_chosen" not in g:
        asked = {name: _asked(name) for name in FACETS}
        g.facets_chosen = {n: v for n, v in asked.items() if v and v in dict(FACETS[n].named(Counter({v: 0})))}
    chosen: dict[str, str] = g.facets_chosen
    return chosen


def _asked(name: str) -> str:
    """What no database can hold is as if not asked."""
    try:
        return clean(request.args.get(name, ""))
    except ValueError:
        return ""


def found() -> list[Alike]:
    """What the words of this request find, counted once."""
    if "alike" not in g:
        g.alike = queries.alike(_matching(), civil_day(now()))
    alike: list[Alike] = g.alike
    return alike


def _matching() -> Any:
    words, shown = searched(request.args), catalogue.visible(NOBODY)
    return shown.where(catalogue.matching(words)) if words else shown


def reference() -> tuple[dict[str, str], dict[str, str]]:
    """(class code → name, priority field → name) in the reader's language, read once a request."""
    if "reference_names" not in g:
        g.reference_names = catalogue.reference_names("name" if chinese() else "name_en")
    names: tuple[dict[str, str], dict[str, str]] = g.reference_names
    return names


def class_names() -> dict[str, str]:
    return reference()[0]


def on_show() -> tuple[int, int]:
    """(instruments, institutions) of everything found."""
    return sum(row.number for row in found()), len({row.provider for row in found()})
