"""`python -m bench.imports`: how long 100,000 codes take from the upload to the shelf, and how much memory that needs.

The real server and the real worker, each a process of its own, on SQLite: the file is uploaded as a browser does it, and the page
of the import is asked for its progress until it is done. One line in ten is bad in one way or another. The limits are 60 seconds
on two cores, and 300 MB in each process.
"""

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from app import create_app
from tests.conftest import configuration, migrate
from tests.server import Server
from tests.shop import Shop

LINES = 100_000
PASSWORD = "four unrelated plain words"


def _file() -> bytes:
    good = [f"{number:06d}-{secrets.token_hex(12)}----{secrets.token_hex(6)}" for number in range(LINES)]
    for number in range(0, LINES, 10):
        good[number] = (good[number - 1], "PS-00001", "x" * 3000, "A\x00B")[number // 10 % 4]
    return "\r\n".join(good).encode()


def _peak_mb(pid: int) -> float:
    [line] = re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(line) / 1024


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


class Browser:
    """The owner's browser: one cookie jar, one form."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        self.connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def token(self, path: str) -> str:
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.send("GET", path)[2]).group(1)  # type: ignore[union-attr]

    def log_in(self) -> None:
        form = {"csrf_token": self.token("/login"), "contact": "olga@example.com", "password": PASSWORD}
        assert self.send("POST", "/login", urlencode(form).encode(), "application/x-www-form-urlencoded")[0] == 303

    def upload(self, path: str, content: bytes) -> str:
        head = '--line\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
        body = f"{head.format('csrf_token', '')}{self.token(f'{path}/new')}\r\n".encode()
        body += head.format("file", '; filename="codes.txt"').encode() + content + b"\r\n--line--\r\n"
        status, location, _text = self.send("POST", path, body, "multipart/form-data; boundary=line")
        assert status == 303, status
        return location


def measure(folder: Path) -> dict[str, float]:
    """One import into a new shop."""
    url = f"sqlite:///{folder / 'shop.sqlite3'}"
    migrate(configuration(folder, url))
    with create_app(configuration(folder, url)).app_context():
        Shop(int(time.time())).owner("olga@example.com", PASSWORD)
    environment = os.environ | {"INSTANCE": str(folder), "DATABASE_URL": url}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with Server(folder, url) as server, subprocess.Popen(command, env=environment) as worker:
        try:
            browser = Browser(server.port)
            browser.log_in()
            began = time.monotonic()
            page = browser.upload("/admin/products/1/card_imports", _file())
            uploaded = time.monotonic()
            shown = set()
            while "hx-get" in (text := browser.send("GET", f"{page}/progress")[2]):
                shown |= set(re.findall(r'<progress[^>]*value="(\d+)"', text))
                time.sleep(0.25)
            ended = time.monotonic()
            assert server.process is not None
            peaks = [_peak_mb(pid) for pid in (*_family(server.process.pid), *_family(worker.pid))]
        finally:
            worker.send_signal(signal.SIGTERM)
    added = int(re.search(r"(\d+)", text.partition("<h2>")[2]).group(1))  # type: ignore[union-attr]
    assert added == LINES - LINES // 10, added
    seconds = {"upload_seconds": round(uploaded - began, 2), "seconds": round(ended - began, 2)}
    return seconds | {"peak_mb": round(max(peaks)), "steps_shown": len(shown)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    print(", ".join(f"{name} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
