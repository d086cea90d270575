"""WeChat's browser, as far as a page can tell: its bridge is there or comes a moment later, and answers what the buyer did."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from app import payments
from app.db import db, transaction
from tests.browser.conftest import AGENT
from tests.fakes.wechat_server import APP_SECRET, WechatServer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
BRIDGE = """
const bridge = { invoke: (name, told, done) => { window.invoked = [name, told]; done({ err_msg: name_of(name) }); } };
const name_of = (name) => "get_brand_wcpay_request:%s";
const come = () => { window.WeixinJSBridge = bridge; document.dispatchEvent(new Event("WeixinJSBridgeReady")); };
%s
"""
COMES = {"at once": "come();", "later": "window.addEventListener('load', () => setTimeout(come, 200));"}


@pytest.fixture
def provider(shop):
    with WechatServer(now=int(time.time())) as server:
        settings = server.settings(app_secret=APP_SECRET, weixin_url=server.url)
        values = {"gateway": "wechat", "name": "微信支付", "settings": settings, "enabled": True, "now": shop.now}
        transaction(payments.create_channel, slug="wechat", **values)
        db.session.remove()
        yield server


def buyer(open_phone, provider, answer, comes):
    page = open_phone(agent=f"{AGENT} MicroMessenger/8.0.50")
    page.add_init_script(BRIDGE % (answer, COMES[comes]))

    def log_in(route):
        told = {key: value[0] for key, value in parse_qs(urlsplit(route.request.url).query).items()}
        provider.codes["071abc"] = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
        back = f"{told['redirect_uri']}?code=071abc&state={told['state']}"
        route.fulfill(status=302, headers={"Location": back})

    page.route("https://open.weixin.qq.com/**", log_in)
    page.goto("/p/ps")
    page.fill("[name=contact]", "bao@example.com")
    page.check("[name=gateway][value='wechat:wxpay']")
    page.click("form[action='/orders'] button[type=submit]")
    page.wait_for_url("**/payment")
    page.click("a[href*='/payment/inside']")
    return page


@pytest.mark.parametrize("comes", COMES)
def test_what_is_paid_leads_to_the_order(open_phone, server, provider, comes):
    page = buyer(open_phone, provider, "ok", comes)
    page.wait_for_url("**/payment?returned=1")
    assert [one["trade_type"] for one in provider.orders.values()] == ["JSAPI"]


def test_what_is_cancelled_can_be_opened_once_more(open_phone, server, provider):
    page = buyer(open_phone, provider, "cancel", "later")
    page.wait_for_selector("[data-cancelled]:visible")
    name, told = page.evaluate("window.invoked")
    assert name == "getBrandWCPayRequest"
    assert set(told) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert page.get_by_text("重新打开支付").is_visible()
