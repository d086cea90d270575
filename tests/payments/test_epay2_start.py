"""Starting a payment at an EPay v2 provider over real HTTP: create, the link, and every way in which create can fail (F08)."""

import logging
import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.fakes.epay2_server import DOUBTS, SIGNS, private_text
from tests.payments.epay2_notices import EPAY2, read
from tests.payments.starting import NUMBER, follow, wanted

CREATE = "/api/pay/create"


@pytest.fixture
def provider(provider2):
    return provider2


def start(settings, **changes):
    return EPAY2.start(settings, wanted(**changes))


def is_link(provider, begun):
    return begun.url.startswith(f"{provider.url}api/pay/submit?")


def test_the_link_is_what_a_provider_understands(provider):
    begun = start(provider.settings(mode="submit"))
    assert (is_link(provider, begun), begun.qr_text, provider.calls) == (True, None, [])
    assert "12.30" in follow(begun.url)
    order = provider.orders[NUMBER]
    assert (order["name"], order["sign_type"], len(order["timestamp"])) == (f"订单 {NUMBER}", "RSA", 10)
    assert {"param", "sitename", "key"}.isdisjoint(order)
    assert private_text("merchant")[60:120] not in begun.url


def test_a_link_that_was_changed_or_is_late_is_refused_by_the_provider(provider):
    url = start(provider.settings(mode="submit")).url
    follow(url.replace("12.30", "00.01"))
    provider.now += 301
    follow(url)
    assert provider.orders == {}


@pytest.mark.parametrize("device", ["pc", "mobile", "wechat"])
def test_create_answers_with_an_address(provider, device):
    begun = start(provider.settings(), device=device)
    assert begun.url == f"{provider.url}pay/{provider.orders[NUMBER]['trade_no']}/"
    [(method, path, form)] = provider.calls
    assert (method, path, form["device"], form["clientip"]) == ("POST", CREATE, device, "192.0.2.1")


def test_a_code_keeps_the_link_for_whoever_holds_the_phone(provider):
    provider.answers[CREATE] = {"pay_type": "qrcode", "pay_info": "weixin://wxpay/bizpayurl?pr=04IPMKM"}
    begun = start(provider.settings(), method="wxpay")
    assert (begun.qr_text, is_link(provider, begun)) == ("weixin://wxpay/bizpayurl?pr=04IPMKM", True)


def test_an_app_to_open(provider):
    provider.answers[CREATE] = {"pay_type": "urlscheme", "pay_info": "weixin://dl/business/?t=x"}
    begun = start(provider.settings())
    assert (begun.scheme_url, is_link(provider, begun)) == ("weixin://dl/business/?t=x", True)


@pytest.mark.parametrize("kind", ["html", "jsapi", "app", "scan", "wxplugin", "wxapp", "JUMP", "", None, 1, ["jump"]])
def test_what_a_page_cannot_show_leaves_the_link(provider, kind):
    provider.answers[CREATE] = {"pay_type": kind, "pay_info": "<script>location='https://evil.example/'</script>"}
    begun = start(provider.settings())
    assert (is_link(provider, begun), begun.qr_text, begun.scheme_url) == (True, None, None)


@pytest.mark.parametrize("kind", ["jump", "qrcode", "urlscheme"])
@pytest.mark.parametrize(
    "told", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "intent://x", "", 1, []]
)
def test_an_address_that_is_not_for_paying_is_left_out(provider, kind, told):
    provider.answers[CREATE] = {"pay_type": kind, "pay_info": told}
    begun = start(provider.settings())
    assert (is_link(provider, begun), begun.qr_text, begun.scheme_url) == (True, None, None)


@pytest.mark.parametrize("code", [1, -1, -3, 7, "x", None, True, "0\n"])
def test_create_that_says_no_leaves_the_link(provider, code):
    provider.answers[CREATE] = {"code": code}
    assert is_link(provider, start(provider.settings()))


@pytest.mark.parametrize("fault", DOUBTS)
def test_create_that_fails_leaves_a_link_that_works(provider, fault, impatient, caplog):
    (provider.signs if fault in SIGNS else provider.faults)[CREATE] = fault
    began = time.monotonic()
    with caplog.at_level(logging.INFO, logger="app"):
        begun = start(provider.settings())
    assert time.monotonic() - began < 3
    assert is_link(provider, begun)
    assert "12.30" in follow(begun.url)
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("app.")]
    assert private_text("merchant")[60:120] not in line


def test_no_value_may_hold_the_separator(provider):
    with pytest.raises(AssertionError):
        start(provider.settings(), return_url="https://shop.example.com/?a=1&trade_status=TRADE_SUCCESS")


def test_our_own_form_thrown_back_is_refused_whatever_is_added(provider):
    form = start(provider.settings(mode="submit")).url.partition("?")[2]
    assert dict(parse_qsl(urlsplit(f"?{form}").query))["out_trade_no"] == NUMBER
    for added in ("", "&trade_status=TRADE_SUCCESS", "&trade_status=TRADE_SUCCESS&trade_no=T1"):
        reading = read(provider, form + added)
        assert (reading.verdict, reading.paid, reading.needs_query) == ("malformed", False, True)
