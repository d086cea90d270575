"""Hostile text in every place that takes any: shown as text, never run, never a fault."""

import re
from urllib.parse import quote

import pytest

from app.db import transaction
from tests import journey
from tests.visitor import Visitor

PASSWORD = "four unrelated plain words"
XSS = (
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><script>alert(1)</script>",
    "{{7*7}}",
    "javascript:alert(1)",
    '<div hx-get="/logout" hx-trigger="load">',
    "</textarea><script>alert(1)</script>",
)
SQL = (
    "' OR '1'='1",
    "1; DROP TABLE orders--",
    "') UNION SELECT contact_sealed FROM orders--",
    "\\' OR 1=1 --",
    "%' OR '%'='",
)
ODD = (
    "%00",
    "a%00b",
    "%E2%80%AE",
    "%F0%9F%8E%8B" * 50,
    "%ff%fe",
    "%c0%ae",
    "%",
    "%zz",
    "x" * 100_000,
    "%EF%BF%BF",
    "%0d%0aX-Evil:1",
)
PARAMETERS = ("q", "category", "after", "before", "next", "level", "page", "sort", "key")
# What a corpus would be if it were live: a tag, an attribute or a scheme of its own.
LIVE = re.compile(
    r"<(img src=x|svg onload|script>alert|div hx-get=\"/logout)|49(?!\d)\}|(href|action|src)=\"javascript:", re.I
)


def quoted(text):
    return quote(text, safe="")


def is_inert(answer, text):
    assert answer.status_code < 500, text
    assert not LIVE.search(answer.text), text
    if "<" in text:
        assert text not in answer.text


@pytest.mark.parametrize("text", XSS)
def test_addresses_and_headers_run_nothing(shop, visitor, text):
    """I01."""
    for path in (
        "/",
        "/p/ps",
        "/login",
        "/register",
        "/orders",
        "/nowhere",
        f"/p/{quoted(text)}",
        f"/i/{quoted(text)}",
    ):
        for name in ("q", "next", "category"):
            headers = {"User-Agent": text, "Referer": text, "X-Forwarded-For": text, "Accept-Language": text}
            is_inert(visitor.get(f"{path}?{name}={quoted(text)}", headers=headers), text)
    if "{{" in text:
        assert ">49<" not in visitor.get(f"/?q={quoted(text)}").text


@pytest.mark.parametrize("text", XSS)
def test_forms_that_come_back_run_nothing(shop, visitor, text):
    """I01."""
    page = visitor.get("/p/ps").text
    data = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1) for name in journey.ORDER_FIELDS}
    data |= {"quantity": text, "contact": text, "gateway": text}
    answer = visitor._send("POST", "/orders", data=data)
    is_inert(answer, text)
    assert answer.status_code == 422
    for path in ("/login", "/register"):
        answer = visitor.post(path, {"contact": text, "password": text, "next": text}, page=path)
        is_inert(answer, text)
        assert answer.status_code == 422
    is_inert(visitor.post("/orders/lookups", {"number": text, "secret": text}, page="/orders"), text)


def test_an_odd_but_valid_contact_and_browser_stay_text_on_the_merchants_desk(shop, app, visitor):
    """I01: an address may hold {{ and ', and a browser may say of itself what it likes."""
    visitor.headers["User-Agent"] = XSS[0]
    contact = "{{7*7}}'`@example.com"
    number = journey.buy(visitor, contact)
    shop.owner("olga@example.com", PASSWORD)
    olga = journey.log_in(Visitor(app, address="203.0.113.60"), "olga@example.com", PASSWORD)
    for path in ("/admin", "/admin/orders", f"/admin/orders?q={quoted(XSS[1])}", f"/admin/orders/{number}"):
        is_inert(olga.get(path), XSS[0])
    page = f"/admin/orders/{number}"
    revealed = olga.post(f"{page}/contact", page=page)
    is_inert(revealed, XSS[0])
    assert "{{7*7}}&#39;`@example.com" in revealed.text


@pytest.mark.parametrize("text", XSS)
def test_a_products_text_is_text(shop, app, visitor, text):
    """I01: also what the merchant writes, who may have copied it from somewhere."""
    texts = {
        "title": text,
        "summary": text,
        "delivers": text,
        "body_markdown": f"{text}\n\n[link]({text})\n\n![x]({text})",
    }
    transaction(shop.product, "odd", **texts)
    number = journey.buy(visitor, "boris@example.com", product="odd")
    browser = journey.join(journey.register(Visitor(app, address="203.0.113.61"), "clara@example.com"))
    shop.owner("olga@example.com", PASSWORD)
    olga = journey.log_in(Visitor(app, address="203.0.113.62"), "olga@example.com", PASSWORD)
    for who, path in (
        (visitor, "/"), (visitor, "/p/odd"), (visitor, "/p/odd/cover.svg"), (visitor, f"/orders/{number}"),
        (browser, "/p/odd"), (browser, "/partner/links"),
        (olga, "/admin/products"), (olga, "/admin/products/2"), (olga, f"/admin/orders/{number}"), (olga, "/admin/orders"),
    ):  # fmt: skip
        answer = who.get(path)
        assert answer.status_code in (200, 404, 405), path
        is_inert(answer, text)


@pytest.mark.parametrize("text", SQL)
def test_sql_finds_what_nothing_finds(shop, visitor, text):
    """I02."""
    tiles = re.compile(r'href="/p/([\w-]+)"')
    assert tiles.findall(visitor.get("/").text)
    assert not tiles.findall(visitor.get(f"/?q={quoted(text)}").text)
    everything = tiles.findall(visitor.get("/").text)
    for name in ("category", "after", "before", "sort"):
        answer = visitor.get(f"/?{name}={quoted(text)}")
        assert (answer.status_code, tiles.findall(answer.text)) == (200, everything), name
    headers = {"X-Forwarded-For": text, "User-Agent": text, "Accept-Language": text, "Referer": text}
    for path in ("/", "/p/ps", "/orders", f"/p/{quoted(text)}", f"/s/{quoted(text)}", f"/orders/{quoted(text)}"):
        assert visitor.get(path, headers=headers).status_code in (200, 302, 404)
    for name in ("s", "inv", "orders", "device", "lang"):
        visitor.client.set_cookie(name, text.replace(";", "%3B"))
    for path in ("/", "/p/ps", "/orders", "/me"):
        assert visitor.get(path).status_code == 200
    assert shop.count("SELECT count(*) FROM orders") == 0


@pytest.mark.parametrize("text", ["%", "_", "\\", "p_", "%s", "教%程"])
def test_signs_of_a_pattern_are_searched_for_as_they_are(shop, visitor, text):
    assert 'href="/p/ps"' not in visitor.get(f"/?q={quoted(text)}").text


@pytest.mark.parametrize("number", ["-1", "0", "1" + "0" * 20, "a", "", "1e9", "NaN"])
def test_a_page_that_cannot_be_is_the_first(shop, visitor, number):
    """I03."""
    for query in (f"page={number}", f"after={number}", f"before={number}", f"sort={number}", f"category={number}"):
        answer = visitor.get(f"/?{query}")
        assert answer.status_code == 200
        assert 'href="/p/ps"' in answer.text


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_bytes_are_no_fault(shop, visitor, text):
    """I08."""
    for path in ("/", "/login", "/orders", "/p/ps", "/partner/links", "/sandbox/payments", "/orders/x"):
        for name in PARAMETERS:
            answer = visitor.get(f"{path}?{name}={text}")
            assert answer.status_code < 500, (path, name)
            assert "X-Evil" not in answer.headers
        if len(text) < 1000:
            assert visitor.get(f"{path.rstrip('/')}/{text}").status_code < 500


@pytest.mark.both_databases
def test_a_nul_is_no_fault_on_either_database(shop, visitor):
    """I08: SQLite takes one, PostgreSQL refuses it."""
    for path in ("/p/%00", "/p/%00/cover.svg", "/orders/%00", "/orders/%00?key=x", "/hooks/payments/%00"):
        assert visitor.get(path).status_code in (400, 404), path
    assert visitor.get("/orders/%00/payment/return?a=b").status_code < 500
    for changes in ({"sku": "a\0"}, {"key": "a\0", "sku": shop.sku()}):
        form = {"quantity": "1", "contact": "boris@example.com", "gateway": "sandbox:alipay"} | changes
        assert visitor.post("/orders", form, page="/login").status_code < 500, changes
    typed = {"number": "a\0", "secret": "b"}
    assert visitor.post("/orders/lookups", typed, page="/login").status_code < 500
