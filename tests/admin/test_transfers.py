"""The account at Alipay that payouts are sent from: entered with the password, tested, never shown, forgotten; and one tap to send."""

import pytest

from app import payments, settlement, trade
from app.clock import DAY, HOUR
from app.db import db, transaction
from tests.admin.conftest import PASSWORD
from tests.fakes.alipay_server import AlipayServer
from tests.shop import Person

PAGE = "/admin/transfers"


@pytest.fixture
def alipay():
    with AlipayServer() as server:
        yield server


@pytest.fixture
def saved(olga, alipay):
    assert olga.post(PAGE, alipay.settings() | {"password": PASSWORD}).status_code == 303
    return alipay


def test_it_is_entered_and_its_key_is_never_shown(olga, alipay, saved):
    text = olga.get(PAGE).text
    assert alipay.settings()["private_key"][:40] not in text
    assert alipay.settings()["app_id"] in text
    assert "BEGIN CERTIFICATE" in text
    assert olga.post(PAGE, alipay.settings(private_key="", scene="") | {"password": PASSWORD}).status_code == 303
    kept = payments.transfer_settings(db.session)
    assert (kept["private_key"], kept["scene"]) == (alipay.settings()["private_key"], "")


@pytest.mark.parametrize(
    "field", ["app_id", "private_key", "app_certificate", "alipay_certificate", "root_certificate"]
)
def test_what_cannot_work_is_told_beside_the_field(olga, alipay, field):
    answer = olga.post(PAGE, alipay.settings(**{field: "12"}) | {"password": PASSWORD})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert payments.transfer_settings(db.session) is None


def test_it_asks_for_the_password(olga, alipay):
    answer = olga.post(PAGE, alipay.settings() | {"password": "not it"})
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    assert payments.transfer_settings(db.session) is None


def test_keys_are_tested_before_money_depends_on_them(olga, saved):
    assert "notice-good" in olga.post(f"{PAGE}/trials").text
    saved.fault = "foreign key"
    text = olga.post(f"{PAGE}/trials").text
    assert "notice-good" not in text
    assert "not signed by Alipay" in text
    assert [call["method"] for call in saved.calls] == ["alipay.fund.trans.common.query"] * 2


def test_without_keys_there_is_nothing_to_test(olga):
    assert olga.post(f"{PAGE}/trials").status_code == 404


def test_they_are_forgotten_with_the_password(olga, saved):
    answer = olga.post(f"{PAGE}/removal", {"password": "not it"})
    assert (answer.status_code, 'id="removal-password-error"' in answer.text) == (422, True)
    assert olga.post(f"{PAGE}/removal", {"password": PASSWORD}).status_code == 303
    assert payments.transfer_settings(db.session) is None


def test_a_payout_is_sent_by_one_tap(olga, shop, saved):
    shop.now -= 10 * DAY
    boris = shop.member("boris@example.com")
    shop.buy(Person("clara@example.com"), via=boris)
    shop.now += 10 * DAY
    row = {"method": "alipay", "name": "李琳", "account": "13800138000"}
    transaction(settlement.save_payee, boris.account_id, now=shop.now - 73 * HOUR, **row)
    told = {"actor": "account:9", "now": shop.now}
    number = transaction(settlement.request_payout, boris.account_id, 1000, shop.settings, **told)
    page = f"/admin/payouts/{number}"
    olga.post(f"{page}/approval")
    assert f"{page}/transfer" in olga.get(page).text
    assert olga.post(f"{page}/transfer").status_code == 303
    text = olga.get(page).text
    assert f"{page}/payment" not in text
    assert f"{page}/failure" not in text
    assert olga.post(f"{page}/payment", {"reference": "B1"}).status_code == 422
    assert trade.send_transfers(shop.now) == 1
    assert saved.transfers[f"{number}_1"]["order_id"] in olga.get(page).text
