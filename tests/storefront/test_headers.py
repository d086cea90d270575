"""What every answer says of itself, and what no page may hold: read over every page, for everybody."""

import re

import pytest

from app.db import db
from tests import journey
from tests.visitor import Visitor

PASSWORD = "four unrelated plain words"
SAMPLES = (
    "/",
    "/p/ps",
    "/login",
    "/orders",
    "/me",
    "/nowhere",
    "/orders/0000000000000000",
    "/i/x",
    "/hooks/payments/sandbox",
)
STATIC = "/static/img/favicon.svg"
POLICY = {
    "default-src": "'none'", "style-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'", "object-src": "'none'",
    "form-action": "'self'", "connect-src": "'self'",
}  # fmt: skip
# A script without an address, a style in a tag or an attribute, a handler in an attribute, an address that runs.
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|<[^>]*\s(style|on\w+)\s*=\s*[\"']|(href|src|action)=\"javascript:", re.I
)


def is_guarded(answer):
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy.items() >= POLICY.items()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "*" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert re.fullmatch(r"[\w-]{12}", answer.headers["X-Request-Id"])
    assert "X-Powered-By" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


def is_private(answer):
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "HX-Request-Type"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


def test_every_answer_is_guarded(shop, visitor):
    """H01."""
    answers = [visitor.get(path) for path in (*SAMPLES, STATIC, f"{STATIC}?v=1", "/static/none.css", "/healthz")]
    answers += [visitor.post("/login", {"contact": "x"}), visitor._send("POST", "/login"), visitor._send("TRACE", "/")]
    assert {answer.status_code for answer in answers} >= {200, 302, 400, 404, 405, 422}
    for answer in answers:
        is_guarded(answer)
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == len(answers)


@pytest.mark.config(testing=False)
def test_a_mishap_is_guarded_too_and_tells_nothing(app, shop, visitor):
    """H01: with the products gone from the database, and before it is looked at."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sku RENAME TO gone")
    try:
        answer = visitor.get("/p/ps")
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE gone RENAME TO sku")
    assert answer.status_code == 500
    is_guarded(answer)
    is_private(answer)
    assert "sqlite" not in answer.text.lower()
    assert answer.headers["X-Request-Id"] in answer.text


@pytest.mark.config(public_url="https://localhost")
def test_https_is_asked_to_stay(shop, visitor):
    answer = visitor.get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]


def filled(rule, number):
    values = {"number": number, "token": "x", "alias": "X", "slug": "sandbox" if "channels" in rule.endpoint else "ps"}
    values |= {"filename": "img/favicon.svg", "channel": "sandbox", "product_id": 1, "category_id": 1, "name": "x"}
    return {name: values[name] for name in rule.arguments if name in values}


def every_page(app, number):
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static" and set(rule.arguments) == set(filled(rule, number)):
            yield adapter.build(rule.endpoint, filled(rule, number))


@pytest.mark.parametrize("role", ["buyer", "distributor", "owner"])
def test_no_page_holds_anything_inline_and_none_may_be_kept(app, shop, visitor, role):
    """H02, H03."""
    if role == "owner":
        shop.owner("olga@example.com", PASSWORD)
        journey.log_in(visitor, "olga@example.com", PASSWORD)
    else:
        journey.register(visitor, "clara@example.com")
    if role == "distributor":
        journey.join(visitor)
    number = journey.buy(visitor, "clara@example.com")
    pending = journey.order(visitor, "clara@example.com")
    seen = 0
    for path in [*every_page(app, number), f"/orders/{pending}/payment", f"/orders/{pending}/status", "/nowhere"]:
        answer = visitor.get(path)
        if answer.headers.get("Cache-Control", "").startswith("public"):
            assert path.endswith(("cover.svg", "theme.css", "mark.svg")), path
            assert "Set-Cookie" not in answer.headers, path
        elif not path.startswith("/hooks"):
            is_private(answer)
        if answer.mimetype in ("text/html", "image/svg+xml"):
            assert not INLINE.search(answer.text), (path, INLINE.search(answer.text))
            seen += answer.status_code == 200
    assert seen > (20 if role == "owner" else 10)


@pytest.mark.config(public_url="http://localhost", public_url_is_set=True)
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", ""]
)
def test_another_host_is_refused(shop, visitor, host):
    """H04."""
    answer = visitor.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert visitor.get("/").status_code == 200


def test_a_forwarded_address_is_not_believed_without_a_proxy(app, shop):
    """H04: the limit of log-ins counts the connection, whatever the header says."""
    visitor = Visitor(app, address="203.0.113.70")
    form = {"contact": "x@example.com", "password": "wrong wrong wrong", "csrf_token": visitor.token("/login")}
    codes = []
    for number in range(11):
        form["contact"] = f"x{number}@example.com"
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": f"198.51.100.{number}"}
        codes.append(visitor._send("POST", "/login", data=form, headers=headers).status_code)
    assert codes == [422] * 10 + [429]
