"""A buyer inside WeChat: WeChat says who they are, its browser opens the payment, and the notice settles it (JSAPI)."""

import json
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from app import clock, payments
from app.clock import MINUTE
from app.db import transaction
from app.payments.account import seal_settings
from tests.fakes.wechat_server import APP_ID, APP_SECRET, WechatServer
from tests.payments.wechat_notices import PAID
from tests.visitor import Visitor

IN_WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50"
OPEN_ID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"


@pytest.fixture
def provider():
    with WechatServer() as server:
        yield server


@pytest.fixture
def channel(shop, provider):
    settings = provider.settings(app_secret=APP_SECRET, weixin_url=provider.url)
    values = {"gateway": "wechat", "name": "微信支付", "settings": settings, "enabled": True, "now": shop.now}
    transaction(payments.create_channel, slug="wechat", **values)


@pytest.fixture
def buyer(app, channel):
    visitor = Visitor(app)
    visitor.headers["User-Agent"] = IN_WECHAT
    return visitor


def order(shop, visitor):
    form = {"sku": shop.sku(), "quantity": "1", "contact": "bao@example.com", "gateway": "wechat:wxpay"}
    answer = visitor.post("/orders", form, page="/p/ps")
    assert answer.status_code == 303, answer.text
    return answer.location.split("?")[0].split("/orders/")[1].split("/")[0]


def log_in(buyer, provider, number, code="071abc"):
    """WeChat says who the buyer is, and leads back; the answer of the page that it leads to."""
    leaving = buyer.get(f"/orders/{number}/payment/inside")
    assert leaving.status_code == 303
    told = parse_qs(urlsplit(leaving.location).query)
    provider.codes[code] = OPEN_ID
    back = urlsplit(told["redirect_uri"][0])
    assert back.netloc == "localhost"
    return buyer.get(f"{back.path}?code={code}&state={told['state'][0]}")


def bridge_of(page):
    return json.loads(unescape(page.text.split('data-bridge="')[1].split('"')[0]))


def test_it_opens_by_itself_and_the_notice_settles_it(shop, buyer, provider):
    number = order(shop, buyer)
    page = buyer.get(f"/orders/{number}/payment")
    assert f'href="http://localhost/orders/{number}/payment/inside"' in page.text
    assert provider.orders == {}
    leaving = buyer.get(f"/orders/{number}/payment/inside").location
    assert leaving.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert leaving.endswith("#wechat_redirect")
    told = {key: value[0] for key, value in parse_qs(urlsplit(leaving).query).items()}
    assert (told["appid"], told["response_type"], told["scope"]) == (APP_ID, "code", "snsapi_base")
    page = log_in(buyer, provider, number)
    bridge = bridge_of(page)
    [(payment_number, begun)] = provider.orders.items()
    assert (begun["trade_type"], begun["payer"], begun["amount"]["total"]) == ("JSAPI", {"openid": OPEN_ID}, 10000)
    # The SDK that others wrote signs the same.
    message = [bridge["appId"], bridge["timeStamp"], bridge["nonceStr"], bridge["package"]]
    assert bridge["paySign"] == provider.client().sign(message)
    assert (bridge["signType"], bridge["package"][:10]) == ("RSA", "prepay_id=")
    provider.pay(payment_number)
    body = provider.sealed(PAID, provider.payment(payment_number))
    answer = buyer.client.post(
        "/hooks/payments/wechat", data=body, headers=provider.headers(body), content_type="application/json"
    )
    assert answer.status_code == 200
    assert "PS-00000" in buyer.get(f"/orders/{number}").text


def test_no_secret_is_on_the_page_or_in_the_address(shop, buyer, provider, caplog):
    number = order(shop, buyer)
    leaving = buyer.get(f"/orders/{number}/payment/inside").location
    page = log_in(buyer, provider, number).text
    assert APP_SECRET not in leaving + page + caplog.text
    assert OPEN_ID not in page


@pytest.mark.parametrize("state", ["", "x", "other"])
def test_a_code_without_our_own_state_opens_nothing(shop, buyer, provider, state):
    number = order(shop, buyer)
    if state == "other":
        another = order(shop, buyer)
        leaving = buyer.get(f"/orders/{another}/payment/inside").location
        state = parse_qs(urlsplit(leaving).query)["state"][0]
    provider.codes["071abc"] = OPEN_ID
    answer = buyer.get(f"/orders/{number}/payment/inside/back?code=071abc&state={state}")
    assert (answer.status_code, answer.location) == (303, f"/orders/{number}/payment?failed=1")
    assert provider.orders == {}
    assert "WeChat could not open" in buyer.get(f"{answer.location}&lang=en").text


def test_a_state_lasts_ten_minutes(shop, buyer, provider):
    number = order(shop, buyer)
    leaving = buyer.get(f"/orders/{number}/payment/inside").location
    state = parse_qs(urlsplit(leaving).query)["state"][0]
    provider.codes["071abc"] = OPEN_ID
    with clock.frozen(shop.now + 11 * MINUTE):
        answer = buyer.get(f"/orders/{number}/payment/inside/back?code=071abc&state={state}")
    assert answer.location == f"/orders/{number}/payment?failed=1"
    assert provider.orders == {}


def test_a_code_works_once_and_a_stranger_opens_nothing(app, shop, buyer, provider):
    number = order(shop, buyer)
    leaving = buyer.get(f"/orders/{number}/payment/inside").location
    state = parse_qs(urlsplit(leaving).query)["state"][0]
    path = f"/orders/{number}/payment/inside/back?code=071abc&state={state}"
    provider.codes["071abc"] = OPEN_ID
    assert Visitor(app).get(path).status_code == 404
    assert buyer.get(path).status_code == 200
    assert buyer.get(path).location == f"/orders/{number}/payment?failed=1"


@pytest.mark.parametrize("fault", ["500", "lost", "unsigned", "tampered", "probe"])
def test_a_wechat_pay_that_does_not_answer_leaves_the_order_payable(shop, buyer, provider, fault):
    number = order(shop, buyer)
    provider.faults["POST"] = fault
    answer = log_in(buyer, provider, number)
    assert (answer.status_code, answer.location) == (303, f"/orders/{number}/payment?failed=1")
    provider.faults.clear()
    provider.orders.clear()
    assert log_in(buyer, provider, number, code="072").status_code == 200


def test_elsewhere_it_is_begun_as_it_is_done_there(app, shop, channel, provider):
    phone = Visitor(app)
    phone.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
    number = order(shop, phone)
    assert [one["trade_type"] for one in provider.orders.values()] == ["NATIVE"]
    answer = phone.get(f"/orders/{number}/payment/inside")
    assert (answer.status_code, answer.location) == (303, f"/orders/{number}/payment")
    # The same order, opened inside WeChat: it can begin anew there, under a number of its own.
    phone.headers["User-Agent"] = IN_WECHAT
    assert 'value="wechat:wxpay"' in phone.get(f"/orders/{number}/payment").text
    answer = phone.post(f"/orders/{number}/ways", {"gateway": "wechat:wxpay"}, page=f"/orders/{number}/payment")
    assert answer.status_code == 303
    assert log_in(phone, provider, number).status_code == 200
    assert sorted(one["trade_type"] for one in provider.orders.values()) == ["JSAPI", "NATIVE"]


def test_without_an_appsecret_it_is_a_code_there_too(shop, buyer, provider):
    number = order(shop, buyer)
    known = transaction(payments.channel_by_slug, "wechat")
    sealed = seal_settings("wechat", known.settings | {"app_secret": ""})
    transaction(
        lambda tx: tx.execute(text("UPDATE channel SET settings_sealed = :it WHERE slug = 'wechat'"), {"it": sealed})
    )
    assert buyer.get(f"/orders/{number}/payment/inside").location == f"/orders/{number}/payment"
    assert buyer.post(f"/orders/{number}/payment", page=f"/orders/{number}/payment").status_code == 303
    assert [one["trade_type"] for one in provider.orders.values()] == ["NATIVE"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("app_secret", "short"),
        ("app_secret", "G" * 32),
        ("app_secret", 7),
        ("weixin_url", "http://x.example"),
        ("weixin_url", 7),
    ],
)
def test_what_cannot_work_is_told_beside_its_field(channel, provider, field, value):
    gateway = transaction(payments.channel_by_slug, "wechat").gateway
    settings = provider.settings(app_secret=APP_SECRET, weixin_url="https://api.weixin.qq.com")
    assert gateway.check_settings(settings) == {}
    assert set(gateway.check_settings(settings | {field: value})) == {field}


def test_alipay_inside_wechat_is_carried_into_another_browser(app, shop, buyer):
    form = {"sku": shop.sku(), "quantity": "1", "contact": "bao@example.com", "gateway": "sandbox:alipay"}
    answer = buyer.post("/orders", form, page="/p/ps")
    page = buyer.get(f"{answer.location.split('?')[0]}/payment").text
    assert "浏览器" in page
    link = unescape(page.split('id="carry"')[1].split(">")[1].split("<")[0])
    assert Visitor(app).get(link.removeprefix("http://localhost")).status_code == 303
