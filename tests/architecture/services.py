"""Which services take an actor, and whether each reaches an authorisation: read from the code, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.rig.parts import ROOT

AUTHORISING = {"app.access.authority.authorize", "app.access.authority.require", "app.access.authority.scope"}
# The public face of `app.access` names the same functions.
AUTHORISING |= {name.replace("authority.", "") for name in AUTHORISING}


@cache
def modules() -> dict[str, ast.Module]:
    found: dict[str, ast.Module] = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def imports(module: str) -> dict[str, str]:
    """Local name → the full name it stands for."""
    found: dict[str, str] = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.asname or one.name: one.name for one in node.names}
    return found


@cache
def functions(module: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in modules()[module].body if isinstance(node, ast.FunctionDef)}


def _called(module: str, function: ast.FunctionDef) -> Iterator[str]:
    """The full names of what a function calls or hands on: its own module's, imported ones, a module's attribute."""
    known = imports(module)
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            if node.id in functions(module):
                yield f"{module}.{node.id}"
            elif node.id in known:
                yield known[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield f"{known[node.value.id]}.{node.attr}"


def _at(name: str) -> tuple[str, ast.FunctionDef] | None:
    """The function behind a full name, also where a package passes it on."""
    module, _, function = name.rpartition(".")
    if module not in modules():
        return None
    if function in functions(module):
        return module, functions(module)[function]
    passed_on = imports(module).get(function)
    return _at(passed_on) if passed_on and passed_on != name else None


@cache
def authorises(name: str) -> bool:
    """Whether a function reaches authorize, require or scope by any call."""
    waiting, seen = [name], set()
    while waiting:
        one = waiting.pop()
        if one in AUTHORISING:
            return True
        if one in seen or (found := _at(one)) is None:
            continue
        seen.add(one)
        waiting += _called(*found)
    return False


def taking_an_actor() -> list[str]:
    """Every public service that is told who acts."""
    return [
        f"{module}.{name}"
        for module in modules()
        if "services" in module.split(".")[2:3]
        for name, function in functions(module).items()
        if not name.startswith("_") and "actor" in {one.arg for one in function.args.kwonlyargs}
    ]
