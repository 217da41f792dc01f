"""The same list page over rows that the rules derived, which no table holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.web.listing import PER_PAGE, Listing, Page


@dataclass(frozen=True)
class RowsListing(Listing):
    """Filters' conditions, columns' sorts and the search are functions of a row; `order` is that of the rows given."""

    order: Sequence[Any] = ()

    def page(self, asked: Any) -> Page:
        return RowsPage(self, asked)


class RowsPage(Page):
    @property
    def pages(self) -> int:
        """Every row can be leafed to: they are all at hand."""
        return max(1, -(-self.total // PER_PAGE))

    def load(self, statement: Any) -> None:
        found = list(self.everything(statement))
        self.total = len(found)
        self.number = min(self.pages, max(1, self._asked_number()))
        first = (self.number - 1) * PER_PAGE
        self.rows = found[first : first + PER_PAGE]

    def everything(self, statement: Any) -> Any:
        rows: Sequence[Any] = [row for row in statement if self._wanted(row)]
        name, direction = self.sorted_by
        if name:
            key = next(c.sort for c in self.listing.columns if c.name == name)
            rows = sorted(rows, key=key, reverse=direction == "desc")
        return iter(rows)

    def _wanted(self, row: Any) -> bool:
        chosen = self.chosen
        searched = not self.search or self.listing.search is None or self.listing.search(self.search)(row)
        return searched and all(f.condition(chosen[f.name])(row) for f in self.listing.filters if chosen.get(f.name))
