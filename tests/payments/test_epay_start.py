"""Starting a payment at a provider over real HTTP: the link, mapi, and every way in which mapi can fail."""

import logging
import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.payments import http
from tests.fakes.epay_server import FAULTS
from tests.payments.notices import EPAY, get
from tests.payments.starting import NOW, NUMBER, follow, start


def test_the_link_is_what_a_provider_understands(provider):
    begun = start(provider.settings())
    assert "12.30" in follow(begun.url)
    order = provider.orders[NUMBER]
    assert order["name"] == f"订单 {NUMBER}"
    assert order["sign_type"] == "MD5"
    assert (begun.qr_text, begun.scheme_url) == (None, None)
    assert {"param", "sitename", "key"}.isdisjoint(order)
    assert EPAY.read(provider.settings(), get(provider.pay(NUMBER)), NOW).amount_fen == 1230


def test_a_link_that_was_changed_on_the_way_is_refused_by_the_provider(provider):
    follow(start(provider.settings()).url.replace("12.30", "00.01"))
    assert provider.orders == {}


def test_no_value_may_hold_the_separator(provider):
    with pytest.raises(AssertionError):
        start(provider.settings(), return_url="https://shop.example.com/?a=1&trade_status=TRADE_SUCCESS")


@pytest.mark.parametrize("device", ["pc", "mobile"])
def test_mapi_answers_with_an_address(provider, device):
    begun = start(provider.settings(mode="mapi"), device=device)
    assert begun.url == f"{provider.url}pay/{provider.orders[NUMBER]['trade_no']}/"
    [(method, path, form)] = provider.calls
    assert (method, path, form["device"], form["clientip"]) == ("POST", "/mapi.php", device, "192.0.2.1")


def test_mapi_with_a_code_only_keeps_the_link_for_whoever_holds_the_phone(provider):
    provider.answers["/mapi.php"] = {"payurl": "", "qrcode": "weixin://wxpay/bizpayurl?pr=abc", "urlscheme": None}
    begun = start(provider.settings(mode="mapi"), method="wxpay")
    assert begun.qr_text == "weixin://wxpay/bizpayurl?pr=abc"
    assert begun.url.startswith(f"{provider.url}submit.php?")


def test_mapi_with_an_app_to_open(provider):
    provider.answers["/mapi.php"] = {"payurl": "", "urlscheme": "alipays://platformapi/startapp?appId=1"}
    assert start(provider.settings(mode="mapi")).scheme_url == "alipays://platformapi/startapp?appId=1"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "ftp://x/", 'https://x/"onclick=', "intent://x", ""]
    + [
        "https://",
        "HTTPS://x/",
        "https://x/ y",
        "https://x/\n",
        1,
        True,
        [],
        {},
        "https://x/" + "y" * 2000,
        "https://x/你",
    ],
)
def test_an_address_that_is_not_for_paying_is_left_out(provider, address):
    provider.answers["/mapi.php"] = {"payurl": address, "qrcode": address, "urlscheme": address}
    begun = start(provider.settings(mode="mapi"))
    assert begun.url.startswith(f"{provider.url}submit.php?")
    assert (begun.qr_text, begun.scheme_url) == (None, None)


@pytest.mark.parametrize("code", [0, -1, "x", None, True, 1.0, "1\nkey"])
def test_mapi_that_says_no_leaves_the_link(provider, code):
    provider.answers["/mapi.php"] = {"code": code}
    assert start(provider.settings(mode="mapi")).url.startswith(f"{provider.url}submit.php?")


@pytest.mark.parametrize("fault", FAULTS)
def test_mapi_that_fails_leaves_a_link_that_works(provider, fault, impatient, caplog):
    provider.faults["/mapi.php"] = fault
    began = time.monotonic()
    with caplog.at_level(logging.INFO, logger="app"):
        begun = start(provider.settings(mode="mapi"))
    assert time.monotonic() - began < 2
    assert "12.30" in follow(begun.url)
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("app.")]
    assert provider.key not in line
    assert NUMBER not in line


def test_nobody_listens(provider, impatient):
    settings = provider.settings(mode="mapi", api_url="http://127.0.0.1:9/")
    assert urlsplit(start(settings).url).path == "/submit.php"


def test_an_order_made_after_our_patience_ended_is_the_same_order(provider, impatient):
    provider.faults["/mapi.php"] = "silent"
    begun = start(provider.settings(mode="mapi"))
    provider.faults.clear()
    again = start(provider.settings(mode="mapi"))
    follow(begun.url)
    assert list(provider.orders) == [NUMBER]
    assert again.url.endswith(f"{provider.orders[NUMBER]['trade_no']}/")
    assert dict(parse_qsl(urlsplit(begun.url).query))["out_trade_no"] == NUMBER


def test_the_bounds_are_those_that_the_shop_promises():
    assert (http.TIMES.connect, http.TIMES.read, http.WHOLE_SECONDS) == (3, 8, 10)
