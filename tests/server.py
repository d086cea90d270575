"""The real server: granian with two worker processes, in a process group of its own, on a free loopback port."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from app.commands.serve import granian_command
from tests.cluster import free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 40


class Server:
    """`with Server(instance, url) as server: server.base` answers; `kill()` is kill -9 of all of it."""

    def __init__(self, instance: Path, url: str, *, target: str = "wsgi:app", workers: int = 2) -> None:
        self.instance, self.url, self.target, self.workers = instance, url, target, workers
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = instance / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Granian waits ten seconds for a worker that is told to end while it still starts; nothing here is worth waiting for.
        self.kill()

    def start(self) -> None:
        environment = os.environ | {
            "INSTANCE": str(self.instance),
            "DATABASE_URL": self.url,
            "PUBLIC_URL": self.base,
            "PYTHONPATH": str(ROOT),
            "WORKERS": str(self.workers),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                granian_command("127.0.0.1", self.port, self.target),
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._await()

    def _await(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"the server does not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, number)
            process.wait(15)
        # Workers of a server that was killed may outlive it by a moment.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
