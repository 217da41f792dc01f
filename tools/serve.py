"""`make run`: migrate, load the demo story once, then serve on loopback with the jobs process beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

HOST = "127.0.0.1"


def flask(*command: str) -> None:
    subprocess.run([sys.executable, "-m", "flask", *command], check=True)


def offers(command: str) -> bool:
    listed = subprocess.run([sys.executable, "-m", "flask", "--help"], capture_output=True, text=True, check=True)
    return f"\n  {command} " in listed.stdout


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


def serve(port: int) -> int:
    """Run the web server and the jobs process until one ends or the terminal says stop; return the exit code."""
    web = [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "1", "wsgi:app"]
    jobs = [sys.executable, "-m", "flask", "jobs", "run"]
    commands = [web, jobs] if offers("jobs") else [web]
    children = [subprocess.Popen(command) for command in commands]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        os.wait()
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


def main() -> int:
    port = free_port(int(sys.argv[1]))
    flask("db", "upgrade")
    if offers("demo"):
        flask("demo", "load")
    print(f"\n  Open http://{HOST}:{port}/ in a browser. Stop with Ctrl+C.\n", flush=True)
    if offers("demo"):
        flask("demo", "accounts")
    return serve(port)


if __name__ == "__main__":
    sys.exit(main())
