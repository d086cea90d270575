"""Calls to Alipay: what the shop sends satisfies an independent SDK, and only what Alipay signed is believed."""

import json
import warnings
from pathlib import Path

import httpx
import pytest

from app.payments import Transfer, TransferAnswer, check_alipay, http, query_transfer, send_transfer
from app.payments.alipay.account import open_alipay
from app.payments.alipay.certificate import read_root_file, root_serial, serial
from app.payments.gateways import NotSent
from tests.fakes.alipay_server import FAULTS, AlipayServer, bare, key_pem, papers, pem, sdk_root_serial, sdk_serial

NOW = 1_780_000_000
ROOT = Path(__file__).parent / "alipayRootCert.crt"
TRANSFER = Transfer("PO12345678901234_1", "13800138000", "博里斯", 950, "小铺 佣金")


@pytest.fixture
def server(monkeypatch):
    # The counterpart signs in Python, which takes its time on a busy machine.
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(8))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 10.0)
    with AlipayServer() as server:
        yield server


@pytest.fixture
def account(server):
    assert check_alipay(server.settings()) == {}
    return open_alipay(server.settings())


def send(account, transfer=TRANSFER, *, was_tried=False):
    return send_transfer(account, transfer, was_tried=was_tried, now=NOW)


def test_the_serial_of_the_published_root_file_is_the_known_one():
    """Every merchant's calls carry it; one certificate of the file is signed by SM2, one by an elliptic curve."""
    known = "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6"
    assert root_serial(read_root_file(ROOT.read_text())) == known
    assert sdk_root_serial(ROOT.read_text()) == known


def test_serials_are_those_of_the_sdk():
    for certificate in (papers().app, papers().alipay, papers().root):
        assert serial(certificate) == sdk_serial(certificate)


def test_the_counterpart_satisfies_the_sdk_too(server):
    """The fake is no invention of ours: the SDK's own client speaks with it."""
    content = {"out_biz_no": TRANSFER.number, "trans_amount": "9.50", "payee_info": {"identity": "a", "name": "b"}}
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        answer = server.client().server_api("alipay.fund.trans.uni.transfer", content)
    assert (answer["code"], answer["status"]) == ("10000", "SUCCESS")


def test_a_transfer_is_sent_as_alipay_wants_it(server, account):
    assert send(account) == TransferAnswer("done", server.transfers[TRANSFER.number]["order_id"])
    form = server.calls[0]
    assert form["timestamp"] == "2026-05-29 04:26:40"
    assert (form["method"], form["sign_type"], form["charset"]) == ("alipay.fund.trans.uni.transfer", "RSA2", "utf-8")
    assert json.loads(form["biz_content"]) == {
        "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "out_biz_no": TRANSFER.number,
        "trans_amount": "9.50",
        "order_title": "小铺 佣金",
        "remark": TRANSFER.number,
        "payee_info": {"identity": "13800138000", "identity_type": "ALIPAY_LOGON_ID", "name": "博里斯"},
        "transfer_scene_name": "佣金报酬",
        "transfer_scene_report_infos": [{"info_type": "佣金报酬说明", "info_content": "小铺 佣金"}],
    }


def test_without_a_scene_none_is_named(server):
    send(open_alipay(server.settings(scene="")))
    assert not any(name.startswith("transfer_scene") for name in json.loads(server.calls[0]["biz_content"]))


def test_a_plain_no_is_believed_when_alipay_knows_of_no_transfer(server, account):
    server.outcomes["博里斯"] = "PAYEE_NOT_EXIST"
    assert send(account).state == "failed"
    assert "收款账号不存在" in send(account).reason
    assert [call["method"].rpartition(".")[2] for call in server.calls] == ["transfer", "query"] * 2


@pytest.mark.parametrize("status", ["DEALING", "WAIT_PAY", "", None])
def test_what_is_under_way_waits(server, account, status):
    server.outcomes["博里斯"] = status
    assert send(account).state == "waiting"
    server.transfers[TRANSFER.number]["status"] = "SUCCESS"
    assert send(account, was_tried=True).state == "done"
    assert [call["method"].rpartition(".")[2] for call in server.calls] == ["transfer", "query"]


@pytest.mark.parametrize("status", ["FAIL", "REFUND"])
def test_what_failed_later_is_failed(server, account, status):
    server.outcomes["博里斯"] = "DEALING"
    send(account)
    server.transfers[TRANSFER.number]["status"] = status
    assert send(account, was_tried=True).state == "failed"


@pytest.mark.parametrize("sub_code", ["SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error"])
def test_a_fault_of_alipay_says_nothing(server, account, sub_code):
    code = "20000" if sub_code.startswith("isp") else "40004"
    server.answer = {"code": code, "msg": "Business Failed", "sub_code": sub_code}
    assert send(account).state == "waiting"


def test_a_no_about_what_alipay_did_send_is_not_believed(server, account):
    """A number that was used: Alipay refuses the second call, and the first has sent the money."""
    send(account)
    server.answer = {"code": "40004", "msg": "Business Failed", "sub_code": "DUPLICATE_OUT_BIZ_NO"}
    assert send(account).state == "done"


def test_a_doubtful_one_is_asked_for_before_it_is_sent_again(server, account):
    server.fault = "500"
    assert send(account).state == "waiting"
    server.fault = None
    assert send(account, was_tried=True).state == "done"
    assert [call["method"].rpartition(".")[2] for call in server.calls] == ["transfer", "query"]
    del server.transfers[TRANSFER.number]
    assert send(account, was_tried=True).state == "done"
    assert [call["method"].rpartition(".")[2] for call in server.calls[2:]] == ["query", "transfer"]


@pytest.mark.parametrize("fault", FAULTS)
def test_only_what_alipay_signed_is_believed(server, account, fault, monkeypatch):
    if fault == "silent":
        monkeypatch.setattr(http, "WHOLE_SECONDS", 0.5)
    server.fault = fault
    server.outcomes["博里斯"] = "PAYEE_NOT_EXIST"
    answer = send(account)
    assert answer.state == "waiting"
    assert answer.reason
    assert query_transfer(account, TRANSFER.number, NOW).state == "waiting"


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "10000", "status": "SUCCESS"},
        {"code": "10000", "status": "SUCCESS", "order_id": "x" * 65},
        {"code": "10000", "status": "SUCCESS", "order_id": "1", "out_biz_no": "another"},
        {"code": 10000, "status": "SUCCESS", "order_id": ["1"]},
        {"code": "10000", "status": ["SUCCESS"], "order_id": "1"},
        {},
    ],
)
def test_an_odd_answer_is_waited_out(server, account, answer):
    server.answer = answer
    assert send(account).state == "waiting"


def test_a_wrong_key_is_told_by_the_query(server):
    answer = query_transfer(open_alipay(server.settings(app_id="2021000000000000")), "none", NOW)
    assert "invalid-signature" in answer.reason


def test_a_closed_port_is_known_not_to_have_sent(server):
    with pytest.raises(NotSent):
        send(open_alipay(server.settings(gateway="http://127.0.0.1:9/gateway.do")))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("app_id", "12"),
        ("gateway", "http://openapi.alipay.com/gateway.do"),
        ("gateway", "https://openapi.alipay.com/gateway.do\n"),
        ("private_key", ""),
        ("private_key", "bm8ga2V5"),
        ("app_certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"),
        ("alipay_certificate", ""),
        ("root_certificate", "no certificate"),
    ],
)
def test_settings_that_cannot_work_are_told(server, field, value):
    assert list(check_alipay(server.settings(**{field: value}))) == [field]


def test_papers_that_do_not_belong_together_are_told(server):
    assert list(check_alipay(server.settings(private_key=bare(papers().foreign_key)))) == ["app_certificate"]
    assert list(check_alipay(server.settings(alipay_certificate=pem(papers().app)))) == ["alipay_certificate"]
    assert check_alipay(server.settings(private_key=key_pem(papers().app_key))) == {}
    assert check_alipay({}) != {}
