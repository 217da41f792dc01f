"""`make run`: migrate, note public holidays, load the demo story once, then serve on loopback with the jobs process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

HOST = "127.0.0.1"


def flask(*command: str, out: int | None = None) -> str:
    """Run a command to its end; what it printed is returned if `out` is PIPE."""
    done = subprocess.run([sys.executable, "-m", "flask", *command], check=False, text=True, stdout=out)
    if done.returncode:
        sys.exit(f"`flask {' '.join(command)}` failed; its reason stands above.")
    return done.stdout


def free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex((HOST, port)) and _bindable(probe, port):
                return port
    sys.exit(f"no free port between {wanted} and {wanted + 49}")


def _bindable(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind((HOST, port))
    except OSError:
        return False
    return True


def start(port: int) -> list[subprocess.Popen[bytes]]:
    """The web server and the jobs process, as two children."""
    web = [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "1", "--log-level", "warning"]
    jobs = [sys.executable, "-m", "flask", "jobs", "run"]
    return [subprocess.Popen(command) for command in ([*web, "wsgi:app"], jobs)]


def answers(port: int, seconds: float = 30) -> bool:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.1)
    return False


def main() -> int:
    port = free_port(int(sys.argv[1]))
    flask("db", "upgrade")
    flask("seed")
    flask("demo", "load")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    children = start(port)
    try:
        accounts = flask("demo", "accounts", out=subprocess.PIPE)  # while the server starts
        if not answers(port):
            return 1
        print(f"\n{accounts}\n  Open http://{HOST}:{port}/ in a browser. Ctrl+C stops.\n", flush=True)
        os.wait()  # either process ending on its own is a fault
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


if __name__ == "__main__":
    sys.exit(main())
