"""Pytest plugin: what a test session shares between its workers, and the rule that nothing is skipped silently."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.rig import browser
from tests.rig.once import once
from tests.rig.postgres import Server

# The only reason for which a test may be skipped: it would read a file that a fresh clone does not bring.
EXTRA = "extra:"

_FOLDER = "TEST_SESSION_FOLDER"
_OWNER = "TEST_SESSION_OWNER"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="tests-", dir="/tmp")
        os.environ[_OWNER] = str(os.getpid())
        Path(os.environ[_FOLDER]).chmod(0o755)


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or _FOLDER not in os.environ:
        return
    folder = Path(os.environ.pop(_FOLDER))
    keeper = folder / "pg" / "keeper"
    if keeper.exists():
        _stop(int(keeper.read_text()))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        if not reason.startswith(EXTRA):
            report.outcome = "failed"
            report.longrepr = f"skipped without being extra: {reason}"
    return report


@pytest.fixture(scope="session")
def session_folder() -> Path:
    """One folder for the whole session, whatever the number of workers; removed at its end."""
    return Path(os.environ[_FOLDER])


@pytest.fixture(scope="session")
def postgres(session_folder: Path) -> Server:
    """The session's PostgreSQL, started by whichever worker asks first."""
    folder = session_folder / "pg"
    once(session_folder, "postgres", lambda: _start_keeper(folder))
    return Server(folder)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The worker's browser; Playwright allows one at a time."""
    with browser.launched(tmp_path_factory.mktemp("chromium")) as chromium:
        yield chromium


def _start_keeper(folder: Path) -> None:
    folder.mkdir()
    # Spawned rather than held as a Popen: it outlives this worker, and the session ends it by its number.
    command = [sys.executable, "-m", "tests.rig.postgres", str(folder), os.environ[_OWNER]]
    keeper = os.posix_spawn(sys.executable, command, os.environ, setsid=True)
    (folder / "keeper").write_text(str(keeper))
    while not (folder / "ready").exists():
        if os.waitpid(keeper, os.WNOHANG)[0]:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
        time.sleep(0.05)


def _stop(keeper: int) -> None:
    os.kill(keeper, signal.SIGTERM)
    last = time.monotonic() + 15
    while time.monotonic() < last and Path(f"/proc/{keeper}").exists():
        time.sleep(0.05)
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if "\nState:\tZ" in Path(f"/proc/{keeper}/status").read_text():
                return
