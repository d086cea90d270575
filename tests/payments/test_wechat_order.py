"""Payments at WeChat Pay: started and asked after, over real HTTP, by signed requests and verified answers."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from wechatpayv3 import utils
from wechatpayv3.utils import load_private_key

from app.payments.gateways import GatewayUnreachable, NotSent
from app.payments.gateways.wechat import signature
from app.payments.gateways.wechat.account import open_account
from tests.fakes.wechat_server import (
    APP_ID,
    FAULTS,
    MERCHANT,
    SECRET,
    SERIAL,
    WechatServer,
    certificate_pem,
    issue,
    private_pem,
    public_pem,
)
from tests.payments.starting import NOW, NUMBER, asked, wanted
from tests.payments.wechat_notices import WECHAT

RETURN = "https://shop.example.com/orders/A1/payment/return"


@pytest.fixture
def provider():
    with WechatServer() as server:
        yield server


def start(provider, settings=None, **changes):
    return WECHAT.start(settings or provider.settings(), wanted(method="wxpay", **changes))


def query(provider, number=NUMBER, **changes):
    return WECHAT.query(provider.settings(**changes), asked(number, method="wxpay"))


# The stand-in speaks as WeChat Pay does: the SDK's own client uses it


def test_the_sdk_uses_the_stand_in(provider):
    provider.now = int(time.time())
    client = provider.client()
    status, text = client.pay(
        "Image", "P1234567", {"total": 100, "currency": "CNY"}, time_expire="2099-01-01T00:00:00+08:00"
    )
    assert (status, json.loads(text)) == (200, {"code_url": "weixin://wxpay/bizpayurl?pr=P1234567"})
    provider.pay("P1234567")
    status, text = client.query(out_trade_no="P1234567")
    assert (status, json.loads(text)["trade_state"]) == (200, "SUCCESS")
    body = provider.sealed("TRANSACTION.SUCCESS", provider.payment("P1234567"))
    assert client.callback(provider.headers(body), body)["resource"]["out_trade_no"] == "P1234567"


def test_the_sdk_makes_the_same_signature(provider, monkeypatch):
    """The same lines and the same key give the same signature, whoever signs."""
    monkeypatch.setattr(signature.secrets, "token_hex", lambda size: "ab" * size)
    monkeypatch.setattr(utils.time, "time", lambda: NOW)
    path, body = "/v3/pay/transactions/native", '{"description": "订单 1"}'
    ours = signature.authorization(open_account(provider.settings()), "POST", path, body.encode(), NOW)
    key = load_private_key(private_pem(provider.papers.merchant_key))
    theirs = utils.build_authorization(path, "POST", MERCHANT, SERIAL, key, data=body, nonce_str="ab" * 16)
    assert ours == theirs


# Start


@pytest.mark.parametrize(
    ("device", "h5"), [("pc", True), ("pc", False), ("wechat", True), ("wechat", False), ("mobile", False)]
)
def test_the_shop_shows_a_code(provider, device, h5):
    begun = start(provider, provider.settings(h5=h5), device=device)
    assert (begun.url, begun.qr_text) == (None, f"weixin://wxpay/bizpayurl?pr={NUMBER}")
    (method, path, told, headers) = provider.calls[0]
    assert (method, path) == ("POST", "/v3/pay/transactions/native")
    assert told == {
        "appid": APP_ID, "mchid": MERCHANT, "description": f"订单 {NUMBER}", "out_trade_no": NUMBER,
        "time_expire": "2026-09-21T22:28:20+08:00", "notify_url": "https://shop.example.com/hooks/payments/epay",
        "amount": {"total": 1230, "currency": "CNY"},
    }  # fmt: skip
    assert headers["Wechatpay-Serial"].startswith("PUB_KEY_ID_")


def test_a_phone_goes_to_wechats_page_where_h5_is_open(provider):
    begun = start(provider, device="mobile")
    parts = urlsplit(begun.url)
    assert (parts.scheme, parts.hostname, begun.qr_text) == ("https", "wx.tenpay.com", None)
    assert parse_qs(parts.query)["redirect_url"] == [RETURN]
    assert provider.calls[0][2]["scene_info"] == {"payer_client_ip": "192.0.2.1", "h5_info": {"type": "Wap"}}


def test_a_payment_that_is_about_to_expire_has_a_minute(provider):
    start(provider, expires_at=NOW + 1)
    assert provider.calls[0][2]["time_expire"] == "2026-09-21T22:14:20+08:00"


def test_started_twice_is_started_once(provider):
    assert start(provider) == start(provider)
    assert len(provider.orders) == 1


def test_no_secret_is_in_what_is_sent(provider):
    start(provider)
    sent = str(provider.calls[0][1:3]) + str(provider.calls[0][3])
    assert SECRET not in sent
    assert private_pem(provider.papers.merchant_key)[60:120] not in sent


def test_certificates_recognise_wechat_pay_too(provider):
    provider.with_certificates = True
    settings = provider.settings(trust="certificates")
    assert start(provider, settings).qr_text
    assert provider.calls[0][3]["Wechatpay-Serial"] is None
    # While WeChat Pay changes its certificate there are two.
    both = certificate_pem(issue(provider.papers.foreign_key, 77)) + certificate_pem(provider.papers.platform)
    assert start(provider, provider.settings(trust="certificates", certificates=both)).qr_text
    with pytest.raises(GatewayUnreachable, match="does not know"):
        start(provider)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_is_not_wechat_pays_is_none(provider, fault, impatient):
    """F08: and a success without a signature is no success."""
    provider.opened(NUMBER, 1230)
    provider.faults = {"POST": fault, "GET": fault}
    for act in (lambda: start(provider, payment_number="P7654321"), lambda: query(provider)):
        begun = time.monotonic()
        with pytest.raises(GatewayUnreachable) as error:
            act()
        assert time.monotonic() - begun < 10
        assert SECRET not in str(error.value)
        assert provider.url not in str(error.value)


def test_nobody_is_there(provider):
    with pytest.raises(NotSent):
        start(provider, provider.settings(api_url="http://127.0.0.1:9"))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "",
        None,
        7,
        "weixin://",
        "javascript:alert(1)",
        "weixin://a b",
        'weixin://"',
        "WEIXIN://x",
    ],
)
def test_a_code_is_wechats(provider, url):
    provider.answer = {"code_url": url}
    with pytest.raises(GatewayUnreachable):
        start(provider)


@pytest.mark.parametrize(
    "url", ["http://wx.tenpay.com/x", "", None, 7, "javascript:alert(1)", 'https://a/"onload=', "weixin://x"]
)
def test_a_page_is_on_the_web(provider, url):
    provider.answer = {"h5_url": url}
    with pytest.raises(GatewayUnreachable):
        start(provider, device="mobile")


def test_a_refusal_is_told_in_its_words(provider):
    start(provider)
    with pytest.raises(GatewayUnreachable, match="商户订单号重复"):
        start(provider, amount_fen=1)
    foreign = provider.settings(private_key=private_pem(provider.papers.foreign_key))
    with pytest.raises(GatewayUnreachable, match="签名错误"):
        start(provider, foreign)


# Query


def test_a_query_tells_what_was_paid(provider):
    assert not query(provider).paid
    start(provider)
    assert not query(provider).paid
    provider.pay(NUMBER)
    told = query(provider)
    assert (told.paid, told.amount_fen, told.currency, told.method) == (True, 1230, "CNY", "wxpay")
    assert told.trade_number == provider.orders[NUMBER]["transaction_id"]


@pytest.mark.parametrize(
    "state", ["NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "REFUND", "success", "", None, True]
)
def test_another_state_is_not_paid(provider, state):
    provider.opened(NUMBER, 1230)
    provider.answer = provider.payment(NUMBER) | {"trade_state": state}
    assert not query(provider).paid


@pytest.mark.parametrize(
    "changes",
    [
        {"out_trade_no": "P0000000"}, {"mchid": "1900000000"}, {"mchid": int(MERCHANT)}, {"appid": "wx0000000000000000"},
        {"transaction_id": None}, {"transaction_id": 7}, {"amount": None}, {"amount": {"total": "1230", "currency": "CNY"}},
        {"amount": {"total": 12.3, "currency": "CNY"}}, {"amount": {"total": True, "currency": "CNY"}}, {"amount": {"total": 1230}},
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_none(provider, changes):
    provider.opened(NUMBER, 1230)
    provider.answer = provider.payment(NUMBER) | changes
    with pytest.raises(GatewayUnreachable):
        query(provider)


def test_that_a_payment_is_not_known_has_to_be_signed_too(provider):
    provider.faults["GET"] = "unsigned"
    with pytest.raises(GatewayUnreachable):
        query(provider)


# The keys are tried


def trial(provider, **changes):
    return WECHAT.try_keys(provider.settings(**changes), NOW)


def test_keys_that_work(provider):
    assert (trial(provider).works, trial(provider).says) == (True, "")
    provider.with_certificates = True
    assert trial(provider, trust="certificates").works


def test_keys_that_do_not(provider):
    foreign = trial(provider, private_key=private_pem(provider.papers.foreign_key))
    assert (foreign.works, "签名错误" in foreign.says) == (False, True)
    assert not trial(provider, serial="0" * 40).works
    assert not trial(provider, merchant_id="1900000000").works
    with pytest.raises(GatewayUnreachable):
        trial(provider, wechat_key=public_pem(provider.papers.foreign_key))
    provider.faults["GET"] = "unsigned"
    with pytest.raises(GatewayUnreachable):
        trial(provider)


@pytest.mark.parametrize(
    ("off", "works", "says"),
    [
        (0, True, False),
        (59, True, False),
        (60, True, True),
        (-240, True, True),
        (241, False, True),
        (-100_000, False, True),
    ],
)
def test_a_clock_that_is_wrong_is_told_of(provider, off, works, says):
    provider.clock_off = off
    told = trial(provider)
    assert (told.works, str(abs(off)) in told.says) == (works, says)
