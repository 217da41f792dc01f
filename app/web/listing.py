"""The one list page: columns, search, filters, sort, paging and export over one scoped select."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from werkzeug.datastructures import MultiDict

from app.infra.db import session
from app.kernel import text
from app.web.i18n import chinese
from app.web.listing_export import FORMATS, export

PER_PAGE = 25
DEEPEST_PAGE = 400  # beyond it people search instead of leafing
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class ByName:
    """The order of the names shown: by the indexed key of the Chinese ones, or by what an English page shows."""

    of: Any

    def asc(self) -> ColumnElement[Any]:
        return self._shown().asc()

    def desc(self) -> ColumnElement[Any]:
        return self._shown().desc()

    def _shown(self) -> ColumnElement[Any]:
        if chinese():
            return self.of.sort_key
        return func.lower(func.coalesce(func.nullif(self.of.name_en, ""), self.of.name))


@dataclass(frozen=True)
class Column:
    """`value` reads the cell from a row; `sort` is what the database orders by; `link` leads on.

    `figure` ("yuan", "wan", "hours", "number", "change") right-aligns it and names the way it is written.
    "code" is a number to be copied, which is never broken in two.
    `chart` makes the table the source of a chart: "name" heads a row, "series" is drawn,
    "group" sets rows apart.
    """

    name: str
    head: Any
    value: Callable[[Any], Any]
    sort: Any = None
    link: Callable[[Any], str | None] | None = None
    figure: str = ""
    chart: str = ""


@dataclass(frozen=True)
class Filter:
    """A choice above the list; `condition` turns the chosen value into a WHERE clause."""

    name: str
    label: Any
    choices: Callable[[], Sequence[tuple[str, str]]]
    condition: Callable[[str], Any]


@dataclass(frozen=True)
class Empty:
    """What an empty list says: why, what to do first, and the button that does it."""

    why: Any
    first: Any = ""
    address: Callable[[], str] | None = None
    label: Any = ""


@dataclass(frozen=True)
class Listing:
    """A list page as data. `order` ends with a unique column, so that pages never overlap."""

    columns: Sequence[Column]
    empty: Empty
    order: Sequence[Any]
    search: Callable[[str], Any] | None = None
    filters: Sequence[Filter] = ()
    file_name: str = "list"
    stamps: Sequence[Column] = ()  # what the page says once and a file, read by itself, in every row

    def page(self, asked: MultiDict[str, str]) -> Page:
        return Page(self, asked)

    def answer(self, statement: Any, template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
        """The page, or the file when `?format=` asks for one."""
        page = self.page(request.args)
        if (kind := request.args.get("format")) in FORMATS:
            return export(kind, self.file_name, [*self.columns, *self.stamps], page.everything(statement))
        page.load(statement)
        return render_template(template, list=page, **context), status


@dataclass
class Page:
    """One page of a list as the query string asks for it."""

    listing: Listing
    args: MultiDict[str, str]
    rows: list[Any] = field(default_factory=list)
    total: int = 0
    number: int = 1

    @property
    def search(self) -> str:
        return searched(self.args)

    @cached_property
    def offered(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The choices of each filter, asked for once a page: some are counted in the database."""
        return {f.name: f.choices() for f in self.listing.filters}

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        """The filters in force: only offered values count, anything else is as if not chosen."""
        asked = {f.name: self.args.get(f.name, "") for f in self.listing.filters}
        return {f.name: asked[f.name] for f in self.listing.filters if asked[f.name] in dict(self.offered[f.name])}

    @property
    def filtered(self) -> bool:
        return bool(self.search or any(self.chosen.values()))

    @property
    def sorted_by(self) -> tuple[str, str]:
        """(column, "asc" | "desc"), or two empty words for the list's own order."""
        name = self.args.get("sort", "")
        if not any(c.name == name and c.sort is not None for c in self.listing.columns):
            return "", ""
        return name, "desc" if self.args.get("dir") == "desc" else "asc"

    @property
    def sortable(self) -> list[Column]:
        return [column for column in self.listing.columns if column.sort is not None]

    @property
    def pages(self) -> int:
        return max(1, min(DEEPEST_PAGE, -(-self.total // PER_PAGE)))

    def load(self, statement: Select[Any]) -> None:
        wanted = self._filter(statement)
        self.total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
        self.number = min(self.pages, max(1, self._asked_number()))
        window = self._order(wanted).limit(PER_PAGE).offset((self.number - 1) * PER_PAGE)
        self.rows = [_single(row) for row in session.execute(window)]

    def everything(self, statement: Select[Any]) -> Any:
        """All rows that match, a few hundred at a time."""
        wanted = self._order(self._filter(statement)).execution_options(yield_per=500)
        return (_single(row) for row in session.execute(wanted))

    def address(self, **changes: Any) -> str:
        """This list with some of its query changed; None takes a part away."""
        asked = {**self.args.to_dict(), **changes}
        if "page" not in changes:
            asked.pop("page", None)
        kept = {k: str(v) for k, v in asked.items() if v not in (None, "")}
        return f"{request.path}?{urlencode(kept)}" if kept else request.path

    @property
    def conditions(self) -> list[Any]:
        """What words and choices ask for, also for figures that stand beside the list."""
        chosen = self.chosen
        asked = [f.condition(chosen[f.name]) for f in self.listing.filters if chosen.get(f.name)]
        return [self.listing.search(self.search), *asked] if self.search and self.listing.search else asked

    def _filter(self, statement: Select[Any]) -> Select[Any]:
        return statement.where(*self.conditions)

    def _order(self, statement: Select[Any]) -> Select[Any]:
        name, direction = self.sorted_by
        order = [key.asc() if isinstance(key, ByName) else key for key in self.listing.order]
        if not name:
            return statement.order_by(*order)
        key = next(c.sort for c in self.listing.columns if c.name == name)
        return statement.order_by(key.desc() if direction == "desc" else key.asc(), *order)

    def _asked_number(self) -> int:
        asked = self.args.get("page", "1")
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


def searched(asked: Mapping[str, str]) -> str:
    """The words of a query string's search field, cleaned."""
    try:
        return text.clean(asked.get("q", ""))[:LONGEST_SEARCH]
    except ValueError:
        return ""


def _single(row: Any) -> Any:
    return row[0] if len(row) == 1 else row


def both_names(of: Any) -> tuple[Any, Any]:
    """The columns to search for what something is called, in whichever language."""
    return of.name, of.name_en


def contains(words: str, *columns: Any) -> ColumnElement[bool]:
    """Every word occurs in one of the columns, whatever its case; % and _ are ordinary letters."""
    return and_(*(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()))
