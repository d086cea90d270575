"""H03: behind a proxy that keeps whatever it may, nobody is shown what was made for somebody else."""

import http.cookiejar
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests import journey
from tests.cluster import free_port
from tests.conftest import missing

pytestmark = pytest.mark.slow
CONF = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; proxy_temp_path {folder}/proxy;
  proxy_cache_path {folder}/cache keys_zone=pages:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {base}; proxy_set_header Host $proxy_host;
      proxy_cache pages; proxy_cache_key $request_uri; proxy_cache_valid any 10m;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""
PERSONAL = ("/", "/p/ps", "/me", "/orders", "/partner/commissions", "/partner/links", "/partner/membership", "/login")


class Browser:
    def __init__(self, base):
        self.base = base
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def open(self, path, data=None, **headers):
        body = urllib.parse.urlencode(data).encode() if data else None
        request = urllib.request.Request(self.base + path, body, headers)  # noqa: S310
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.headers, error.read().decode()

    def register(self, contact):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.open("/register")[1]).group(1)
        form = {"csrf_token": token, "contact": contact, "password": journey.PASSWORD}
        assert contact in self.open("/register", form)[1]


@pytest.fixture
def proxy(server, tmp_path):
    """The address of nginx, which keeps answers in front of the real server."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        missing("nginx")
    port, folder = free_port(), tmp_path / "nginx"
    folder.mkdir()
    (folder / "conf").write_text(CONF.format(folder=folder, port=port, base=server.base))
    running = subprocess.Popen([nginx, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "conf")])
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/healthz")
        yield base
    finally:
        running.terminate()
        running.wait(10)


def wait_for(url):
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def test_nobody_sees_what_was_made_for_somebody_else(proxy):
    clara, boris, stranger = (Browser(proxy) for _ in range(3))
    clara.register("clara@example.com")
    boris.register("boris@example.com")
    seen = {}
    for path in PERSONAL:
        for name, browser in (("clara", clara), ("boris", boris), ("stranger", stranger), ("clara again", clara)):
            for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
                told, text = browser.open(path, **headers)
                assert told["X-Cache"] != "HIT", (path, name)
                seen[name] = seen.get(name, "") + text
    assert "clara@example.com" in seen["clara"]
    assert "boris@example.com" in seen["boris"]
    assert "boris@" not in seen["clara"] + seen["clara again"] + seen["stranger"]
    assert "clara@" not in seen["boris"] + seen["stranger"]


def test_the_proxy_does_keep_what_is_for_everybody(proxy):
    """Or the test above would prove nothing."""
    for path in ("/p/ps/cover.svg", "/static/img/favicon.svg?v=1"):
        kept = [Browser(proxy).open(path)[0] for _ in range(2)]
        assert kept[1]["X-Cache"] == "HIT", path
        assert not any("Set-Cookie" in told for told in kept), path
