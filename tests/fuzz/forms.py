"""Forms as pages show them: where each is sent, and every field with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit


class Fields(dict[str, Any]):
    """Field → value, an unticked box having none; `required` names the lines and texts that must be filled in."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.required: set[str] = set()


class Forms(HTMLParser):
    """Collects (path, fields) of each form that posts."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[tuple[str, Fields]] = []
        self._fields: Fields | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._fields = Fields()
            self.found.append((urlsplit(urljoin(self.address, given.get("action", ""))).path, self._fields))
        if self._fields is None:
            return
        name = given.get("name", "")
        if "required" in given and tag in {"input", "textarea"} and given.get("type") not in {"checkbox", "file"}:
            self._fields.required.add(name)
        if tag == "select":
            self._select = name
            self._fields.setdefault(name, "")
        elif tag == "option" and self._select:
            self._option(given)
        elif tag == "textarea":
            self._area = name
            self._fields[name] = ""
        elif tag == "input" and name:
            self._input(name, given)

    def _option(self, given: dict[str, str]) -> None:
        assert self._fields is not None
        if given.get("value") and ("selected" in given or not self._fields[self._select]):
            self._fields[self._select] = given["value"]

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self._fields is not None
        if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
            self._fields.setdefault(name, given.get("value", "") if given["type"] == "radio" else [])
        elif given.get("type") != "file":
            self._fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._fields is not None and self._area:
            self._fields[self._area] += data if self._fields[self._area] else data.lstrip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""


def forms_of(address: str, page: str) -> list[tuple[str, Fields]]:
    reader = Forms(address)
    reader.feed(page)
    return reader.found
