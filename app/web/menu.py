"""The menu, made of what the features declare: a page appears to those, and only those, who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.access import PUBLIC
from app.access.authority import may
from app.infra.feature import installed
from app.web.blueprint import permissions
from app.web.current import current_actor

FIND = _l("Find")
MINE = _l("Mine")
ORGANISATION = _l("Organisation")
OPERATOR = _l("Operator")
ADMINISTRATION = _l("Administration")


@dataclass(frozen=True)
class Entry:
    """One page: in which menu, under which words. Its permission is the one its route declares.

    `place` orders all entries; those of one menu stand together.

    `besides` narrows further: a page that many may open can belong in the menu of a few.
    """

    menu: LazyString
    label: LazyString
    endpoint: str
    icon: str
    place: int
    besides: str = PUBLIC
    of_providers: bool = False  # an administrator of a body that only books has no use for it

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        return request.endpoint == self.endpoint

    def shown(self) -> bool:
        actor = current_actor()
        if self.of_providers and not actor.providers:
            return False
        return may(actor, permissions(current_app)[self.endpoint]) and may(actor, self.besides)


def menus() -> Iterator[tuple[str, list[Entry]]]:
    """(menu, its entries) for the present actor."""
    for menu, entries in groupby((e for e in installed().menu if e.shown()), key=lambda entry: entry.menu):
        yield str(menu), list(entries)
