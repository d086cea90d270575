"""`flask --app wsgi serve` as the operator runs it, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.cluster import free_port
from tests.server import ROOT

FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
START_SECONDS = 60
END_SECONDS = 20


class Serving:
    """One run of `serve`; `say()` is what it printed so far, `end()` is Ctrl-C and gives the exit code."""

    def __init__(
        self, instance: Path, *, port: int | None = None, prefix: tuple[str, ...] = (), **environment: str
    ) -> None:
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = instance.with_name(f"{instance.name}.{self.port}.{time.monotonic_ns()}.log")
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
        settings = {"INSTANCE": str(instance), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*prefix, *FLASK, "serve"],
                cwd=ROOT,
                env=clean | settings | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def until_it_answers(self, path: str = "/healthz") -> "Serving":
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.base}{path}", timeout=2):
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"serve does not answer:\n{self.said()}")

    def descendants(self) -> dict[int, str]:
        """The processes below this one, by id, with their command lines."""
        found = {self.process.pid: "serve"}
        # A child is born after its parent, so its id is found later in nearly every order; look until nothing is new.
        grown = True
        while grown:
            new = {pid: line for pid, (parent, line) in _processes().items() if parent in found and pid not in found}
            found |= new
            grown = bool(new)
        del found[self.process.pid]
        return found

    def ends(self) -> int:
        return self.process.wait(END_SECONDS)

    def end(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ends()


def alive(pids) -> dict[int, str]:
    return {pid: line for pid, (_parent, line) in _processes().items() if pid in pids}


def wait_until_gone(pids, seconds: float = END_SECONDS) -> dict[int, str]:
    """Those that are still there when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and alive(pids):
        time.sleep(0.1)
    return alive(pids)


def _processes() -> dict[int, tuple[int, str]]:
    """Every living process: its parent and its command line."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 3) for line in listing.splitlines()]
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if len(row) == 4 and not row[2].startswith("Z")}
