"""Telegram, WeCom and Bark, as their documents describe what is sent and what comes back."""

import json

import pytest

from app import outbox, trade
from app.db import db, transaction
from tests.outbox.conftest import open_outlet
from tests.shop import Person

pytestmark = pytest.mark.config(inward_networks=("127.0.0.0/8",))
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WECOM_KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
BARK_KEY = "Vg4uYhWXjnpCkkcwB2LGSN"
SETTINGS = {
    "telegram": {"token": TOKEN, "chat": "-1001234567890"},
    "wecom": {"key": WECOM_KEY},
    "bark": {"key": BARK_KEY},
}
# carrier -> (what it answers when it takes a message, when it refuses one, and what the log says then)
ANSWERS = {
    "telegram": (
        {"ok": True, "result": {}},
        {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
        "it answers 400: Bad Request: chat not found",
    ),
    "wecom": (
        {"errcode": 0, "errmsg": "ok"},
        {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"},
        "it answers 93000: invalid webhook url, hint: [1]",
    ),
    "bark": (
        {"code": 200, "message": "success", "timestamp": 1},
        {"code": 400, "message": "failed to get device token"},
        "it answers 400: failed to get device token",
    ),
}


@pytest.fixture(params=SETTINGS)
def carrier(request):
    return request.param


@pytest.fixture
def listening(carrier, receiver):
    receiver.body = json.dumps(ANSWERS[carrier][0]).encode()
    events = ["order.paid", "dispute.opened", "payment.unmatched"]
    open_outlet(carrier, SETTINGS[carrier] | {"address": receiver.url, "events": events})
    return receiver


def said(carrier, told):
    return {
        "telegram": lambda: told["text"],
        "wecom": lambda: told["text"]["content"],
        "bark": lambda: f"{told['title']}\n{told['body']}\n{told['url']}",
    }[carrier]()


def test_the_merchant_reads_what_happened(carrier, shop, listening, tell):
    placed = shop.buy(Person("bao@example.com"))
    assert tell() == [("order.paid", "merchant", "sent")]
    [(path, headers, _)], [told] = listening.posts, listening.told
    assert headers["content-type"] == "application/json"
    text = said(carrier, told)
    assert text.startswith("已付款：¥100.00\n")
    assert f"http://localhost/admin/orders/{placed.number}" in text
    assert "bao@example.com" not in text
    if carrier == "telegram":
        assert (path, told["chat_id"]) == (f"/bot{TOKEN}/sendMessage", "-1001234567890")
    elif carrier == "wecom":
        assert (path, told["msgtype"]) == (f"/cgi-bin/webhook/send?key={WECOM_KEY}", "text")
        assert len(text.encode()) <= 2048
    else:
        assert (path, told["device_key"]) == ("/push", BARK_KEY)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b'"x"', b"1", b"[" * 60000])
def test_an_answer_that_says_nothing_is_no_receipt(carrier, shop, listening, tell, answer):
    listening.body = answer
    shop.buy(Person("bao@example.com"))
    assert tell() == [("order.paid", "merchant", "pending")]


def test_a_refusal_is_shown_without_the_key(carrier, shop, listening, tell, caplog):
    _, refusal, words = ANSWERS[carrier]
    listening.body, listening.status = json.dumps(refusal).encode(), 400
    shop.buy(Person("bao@example.com"))
    tell()
    [letter], _ = outbox.list_letters(db.session)
    assert (letter.state, letter.reason) == ("pending", words)
    for key in (TOKEN, WECOM_KEY, BARK_KEY):
        assert key not in caplog.text


def test_disputes_and_stray_money_are_told(carrier, shop, listening, tell):
    placed = shop.buy(Person("bao@example.com"))
    told = {"claim": "<b>broken</b>", "wanted_fen": 5000, "actor": "buyer", "now": shop.now}
    transaction(trade.complain, shop.order_id(placed), **told)
    shop.pay(placed)
    tell()
    texts = [said(carrier, one) for one in listening.told]
    assert any(text.startswith("买家对订单提出争议") and "72" in text for text in texts)
    assert any(text.startswith("收到 ¥100.00，无法对应订单") for text in texts)
    assert not any("broken" in text for text in texts)


def test_a_long_text_is_cut_and_the_address_kept(carrier, receiver):
    receiver.body = json.dumps(ANSWERS[carrier][0]).encode()
    settings = SETTINGS[carrier] | {"address": receiver.url}
    url = "https://shop.example/admin/orders/0123456789ABCDEF"
    values = {"title": "已付款", "text": "很长的名称" * 2000, "url": url, "inward": ("127.0.0.0/8",)}
    outbox.CARRIERS[carrier].send(settings, outbox.Dispatch("N", "order.paid", 1, 1, **values))
    [told] = receiver.told
    text = said(carrier, told)
    assert text.startswith("已付款\n很长")
    assert text.endswith(url)
    assert len(text) <= 4096
    if carrier == "wecom":
        assert len(text.encode()) <= 2048


BAD = {
    "telegram": [{"token": "short"}, {"token": "1" * 30}, {"chat": "Olga"}, {"chat": ""}, {"chat": "１２３"}],
    "wecom": [{"key": "short"}, {"key": "with space " * 3}, {"key": ""}],
    "bark": [{"key": ""}, {"key": "schlüssel" * 3}],
}


@pytest.mark.parametrize(("carrier", "change"), [(name, change) for name, changes in BAD.items() for change in changes])
def test_what_cannot_work_is_refused_beside_its_field(carrier, change):
    sound = SETTINGS[carrier] | {"address": "https://api.example.com", "events": ["order.paid"]}
    check = outbox.CARRIERS[carrier].check_settings
    assert check(sound) == {}
    assert set(check(sound | change)) == set(change)
    assert set(check(sound | {"events": []})) == {"events"}
    for address in (
        "",
        "ftp://x",
        "https://",
        "https://user@host/",
        "https://a b",
        "https://x/#y",
        "https://é.example",
    ):
        assert set(check(sound | {"address": address})) == {"address"}, address
