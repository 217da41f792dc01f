"""Bring the .po catalogues up to date with the code: `python -m tools.catalogues` (add `--check` to compare only).

Each feature has a catalogue of its own, so that two people translating never meet in one file; words
that the shell already has are not asked for again. English is its own translation.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "app" / "translations"
LANGUAGES = ("zh_CN", "en")
SHELL = "web"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
# One English word may need two Chinese ones: the first argument says in which context it stands.
KEYWORDS |= {"pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}  # type: ignore[dict-item]


def features() -> list[str]:
    """The shell first: what it says, the others need not say again."""
    found = sorted(p.name for p in (ROOT / "app").iterdir() if (p / "__init__.py").exists())
    return [SHELL, *(feature for feature in found if feature != SHELL)]


@cache
def said() -> list[tuple[Path, Any, str | None]]:
    """Every message of the code with the file that says it and its context, None where it has none."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping, "babel.cfg")
    found = extract_from_dir(ROOT / "app", methods, options, KEYWORDS)
    return [(Path(path), message, context) for path, _line, message, _comments, context in found]


def extracted(feature: str) -> Catalog:
    """Everything a feature says: its own folder and its module of web.words."""
    catalog = Catalog()
    for path, message, context in said():
        if _belongs(path, feature):
            catalog.add(message, context=context)
    return catalog


def _belongs(path: Path, feature: str) -> bool:
    words = Path(SHELL) / "words" / f"{feature}.py"
    if feature == SHELL:
        others = path.parent == Path(SHELL) / "words" and path.stem in features()
        return path.parts[0] == SHELL and not others
    return path.parts[0] == feature or path == words


def path_of(feature: str, language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / f"{feature}.po"


def read(feature: str, language: str) -> Catalog:
    path = path_of(feature, language)
    if not path.exists():
        return Catalog(locale=language, domain=feature)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=feature)


def updated(feature: str, language: str, shell: Catalog) -> Catalog:
    """The catalogue with exactly the messages of today; translations kept by msgid, never guessed."""
    known, fresh = read(feature, language), Catalog(locale=language, domain=feature, fuzzy=False)
    for message in extracted(feature):
        if not message.id or (feature != SHELL and _has(shell, message)):
            continue
        old = known.get(message.id, message.context)
        kept = old.string if old and not old.fuzzy else ""
        english = _english(message.id, language)
        fresh.add(message.id, kept or english, flags=message.flags, context=message.context)
    return fresh


def _has(catalog: Catalog, message: Any) -> bool:
    return catalog.get(message.id, message.context) is not None


def _english(msgid: Any, language: str) -> Any:
    return msgid if language == "en" else ""


def faults(feature: str, language: str, fresh: Catalog) -> list[str]:
    """What keeps a catalogue from being complete and current."""
    known = read(feature, language)
    found = [f"not translated: {m.id!r}" for m in fresh if m.id and not all(_strings(m.string))]
    found += [f"not in the catalogue: {m.id!r}" for m in fresh if m.id and not _has(known, m)]
    found += [f"no longer used: {m.id!r}" for m in known if m.id and not _has(fresh, m)]
    found += [f"fuzzy: {m.id!r}" for m in known if m.id and m.fuzzy]
    return [f"{path_of(feature, language).relative_to(ROOT)}: {fault}" for fault in found]


def disagreements(language: str) -> list[str]:
    """One text in one context has one translation: at run time all features' catalogues are one."""
    said_as: dict[Any, dict[Any, str]] = {}
    for feature in features():
        for message in read(feature, language):
            if message.id and all(_strings(message.string)):
                said_as.setdefault((str(message.id), message.context), {}).setdefault(str(message.string), feature)
    return [
        f"{language}: {text!r} is translated as {ways}" for (text, _context), ways in said_as.items() if len(ways) > 1
    ]


def _strings(string: object) -> tuple[object, ...]:
    return string if isinstance(string, tuple) else (string,)


def write(feature: str, language: str, fresh: Catalog) -> None:
    path = path_of(feature, language)
    if not len(fresh):
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=110, no_location=True, omit_header=True, sort_output=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is missing")
    check = parser.parse_args().check
    shell, missing = extracted(SHELL), []
    for feature in features():
        for language in LANGUAGES:
            fresh = updated(feature, language, shell)
            if not check:
                write(feature, language, fresh)
            missing += faults(feature, language, fresh)
    missing += [fault for language in LANGUAGES for fault in disagreements(language)]
    print("\n".join(missing), file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
