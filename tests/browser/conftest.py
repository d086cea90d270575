"""A real Chromium before a real server. htmx comes from the CDN's address, answered from the npm package of that version."""

import base64
import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

from app.config import HTMX_INTEGRITY, HTMX_URL
from tests.conftest import missing
from tests.server import Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"
PHONE = {"width": 390, "height": 844}
CACHE = Path(__file__).resolve().parents[2] / ".cache"


@pytest.fixture(scope="session")
def htmx() -> bytes:
    """The file that the CDN serves, out of the npm package; its hash is the one that the pages ask for."""
    package = CACHE / "htmx.org-4.0.1.tgz"
    if not package.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("npm, which brings htmx for browser tests,")
        CACHE.mkdir(exist_ok=True)
        # Several workers may fetch it at once: each into a folder of its own, and only a whole file takes the name.
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            done = subprocess.run(
                [npm, "pack", "--silent", "htmx.org@4.0.1"], cwd=folder, capture_output=True, check=False
            )
            if done.returncode:
                missing("the npm package htmx.org@4.0.1")
            (Path(folder) / package.name).replace(package)
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/dist/htmx.min.js")
        assert member is not None
        content = member.read()
    assert "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode() == HTMX_INTEGRITY
    return content


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _is_complaint(message) -> bool:
    # Chromium also reports a page that is rightly not found, and a form that is rightly refused.
    # So it does of a file that a test does not let through.
    return message.type == "error" and not re.search("status of (404|422)|ERR_FAILED", message.text)


@pytest.fixture
def server(shop, app, instance, database):
    """The real server over the test's own shop, in one process: a browser asks for one thing at a time, and a start takes its time."""
    with Server(instance, database, workers=1) as running:
        yield running


@pytest.fixture
def open_phone(chromium, htmx, server):
    """Make phones: each call is a browser of its own, and every error on its console fails the test."""
    contexts, complaints = [], []

    def make(*, javascript=True, locale="zh-CN", viewport=PHONE, scheme="light", cdn=True, agent=AGENT):
        context = chromium.new_context(
            base_url=server.base,
            viewport=viewport,
            locale=locale,
            color_scheme=scheme,
            java_script_enabled=javascript,
            has_touch=True,
            is_mobile=viewport is PHONE,
            user_agent=agent,
        )
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
        context.route(HTMX_URL, lambda route: route.fulfill(body=htmx, headers=headers) if cdn else route.abort())
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints
