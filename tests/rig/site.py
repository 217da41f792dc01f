"""The platform as users meet it: gunicorn with its own configuration, on a database that a test prepared."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rig.parts import ROOT


@dataclass(frozen=True)
class Place:
    """Where a platform keeps what it knows; `environment` is what every process of it is told."""

    database_url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        told = {"APP_ENV": "testing", "DATABASE_URL": self.database_url, "DATA_FOLDER": str(self.folder)}
        return {**os.environ, "FLASK_APP": "wsgi", "PYTHONUNBUFFERED": "1", **told}

    def flask(self, *command: str, **more: str) -> str:
        """Run a `flask` command to its end and return what it printed."""
        call = [sys.executable, "-m", "flask", *command]
        environment = {**self.environment, **more}
        done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


@dataclass(frozen=True)
class Site:
    place: Place
    address: str
    master: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """Process ids of the web workers, for tests that kill one."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextmanager
def serving(place: Place, workers: int = 2, more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Serve `place` until the block ends; `more` adds to its environment."""
    place.folder.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{free_port()}"
    log = place.folder / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", str(workers), "wsgi:app"]
    with log.open("ab") as out:
        environment = {**place.environment, **(more or {})}
        master = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    site = Site(place, f"http://{address}", master, log)
    try:
        wait_until_up(site)
        yield site
    finally:
        stop(master)


@contextmanager
def jobs(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """The jobs process of `place`, for as long as the block lasts."""
    with (place.folder / "jobs.log").open("ab") as out:
        command = [sys.executable, "-m", "flask", "jobs", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=place.environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(site: Site, seconds: float = 120) -> None:
    last = time.monotonic() + seconds
    while time.monotonic() < last and site.master.poll() is None:
        try:
            urllib.request.urlopen(site.address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the site did not come up:\n{site.log.read_text()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(25)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
