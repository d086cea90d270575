"""Headers, hosts, methods and sizes, on every kind of answer."""

import pytest
from flask import Response, g, request

from app.config import HTMX_URL

CSP = (
    f"default-src 'none'; script-src 'self' {HTMX_URL}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'"
)


def broken():
    raise RuntimeError("boom")


ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/static/app.css", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/broken", 500),
    ("PUT", "/", 405),
    ("TRACE", "/", 405),
    ("TRACE", "/nowhere", 405),
    ("POST", "/", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(app, client, method, path, status):
    app.get("/broken", endpoint="get /broken")(broken)
    answer = client.open(path, method=method, buffered=True)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == "camera=(),microphone=(),geolocation=(),payment=()"
    assert "Strict-Transport-Security" not in answer.headers
    assert "X-Powered-By" not in answer.headers
    assert len(answer.headers["X-Request-Id"]) == 12
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_each_request_has_an_id_of_its_own_and_takes_none_from_outside(client):
    ids = {client.get("/", headers={"X-Request-Id": "planted-here"}).headers["X-Request-Id"] for _ in range(20)}
    assert len(ids) == 20
    assert "planted-here" not in ids


def test_https_adds_transport_security_and_upgrades(build):
    answer = build(public_url="https://shop.example").test_client().get("/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Content-Security-Policy"] == CSP + "; upgrade-insecure-requests"


@pytest.mark.parametrize(
    ("address", "scripts"),
    [
        ("/static/js/htmx.js", "script-src 'self';"),
        ("https://cdn.example/htmx.js?x=1", "script-src 'self' https://cdn.example/htmx.js;"),
    ],
)
def test_the_policy_names_the_configured_address_of_htmx(build, address, scripts):
    assert scripts in build(htmx_url=address).test_client().get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["https://cdn.example/a;b", "https://cdn.example/a 'unsafe-inline'", "https://c.example/a,b"]
)
def test_an_address_that_would_change_the_policy_is_refused(build, address):
    with pytest.raises(ValueError, match="htmx"):
        build(htmx_url=address)


def test_a_page_with_a_secret_in_its_address_sends_no_referrer(app, client):
    @app.get("/secret")
    def _secret():
        g.secret_in_address = True
        return "x"

    assert client.get("/secret").headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/nowhere.css"])
def test_pages_are_private_and_vary_with_who_asks(client, path):
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"cookie", "hx-request-type"} <= {name.lower() for name in answer.vary}


def test_static_files_are_kept_for_ever_only_under_a_version(client):
    assert (
        client.get("/static/app.css?v=abc", buffered=True).headers["Cache-Control"]
        == "public, max-age=31536000, immutable"
    )
    assert client.get("/static/app.css", buffered=True).headers["Cache-Control"] == "no-cache"
    assert client.get("/static/nowhere.css?v=abc").headers["Cache-Control"] == "private, no-store"


def test_an_answer_that_says_it_is_public_stays_public(app, client):
    app.get("/cover.svg", endpoint="cover")(lambda: Response("<svg/>", headers={"Cache-Control": "public, max-age=60"}))
    assert client.get("/cover.svg").headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "host", ["evil.example", "shop.example.evil.example", "127.0.0.1", "", "shop.example@evil.example"]
)
def test_an_unknown_host_is_refused_when_the_public_address_is_known(build, host):
    client = build(public_url="https://shop.example", public_url_is_set=True).test_client()
    assert client.get("/", headers={"Host": "shop.example"}).status_code == 200
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert len(answer.headers["X-Request-Id"]) == 12


def test_any_host_is_served_while_no_public_address_is_named(client):
    assert client.get("/", headers={"Host": "192.168.1.5:8000"}).status_code == 200


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1 http"), (1, "203.0.113.9 https"), (2, "198.51.100.7 https")])
def test_forwarded_headers_count_only_behind_the_configured_proxies(build, hops, seen):
    app = build(proxy_hops=hops)
    app.get("/who", endpoint="get /who")(lambda: f"{request.remote_addr} {request.scheme}")
    forwarded = {
        "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
        "X-Forwarded-Proto": "https, https",
        "X-Forwarded-Host": "evil.example",
    }
    app.get("/host", endpoint="get /host")(lambda: request.host)
    assert app.test_client().get("/who", headers=forwarded).text == seen
    assert app.test_client().get("/host", headers=forwarded).text == "localhost"


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_a_form_that_another_site_sent_is_refused_before_its_token_is_looked_at(client, where):
    assert client.post("/", headers={"Sec-Fetch-Site": where}).status_code == 403
    assert client.get("/", headers={"Sec-Fetch-Site": where}).status_code == 200


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override"])
def test_a_method_cannot_be_overridden(app, client, header):
    app.delete("/thing", endpoint="delete /thing")(lambda: "gone")
    assert client.get("/thing", headers={header: "DELETE"}).status_code == 405
    assert client.get("/thing?_method=DELETE").status_code == 405


def test_a_body_that_is_too_large_is_refused_and_callbacks_have_a_smaller_limit(app, client):
    app.config["WTF_CSRF_ENABLED"] = False

    def read():
        return str(len(request.get_data()))

    app.post("/read", endpoint="post /read")(read)
    app.post("/hooks/payments/x", endpoint="hook")(read)
    assert client.post("/read", data=b"x" * 100_000).text == "100000"
    assert client.post("/read", data=b"x" * (1024 * 1024 + 1)).status_code == 413
    assert client.post("/hooks/payments/x", data=b"x" * 65536).text == "65536"
    answer = client.post("/hooks/payments/x", data=b"x" * 65537)
    assert answer.status_code == 413
    assert answer.content_type == "text/plain; charset=utf-8"
