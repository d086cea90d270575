"""A buyer says that they paid into the merchant's own account: the goods wait a little, and the merchant's word settles it."""

import threading

import pytest

from app import orders, payments, trade
from app.clock import HOUR, MINUTE
from app.db import db, transaction
from app.errors import Refusal
from app.payments import Verdict
from tests.by_hand import open_channel
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
TOLD = {"actor": "account:1", "address": "192.0.2.1", "request_id": "r"}


@pytest.fixture
def placed(shop):
    open_channel(shop)
    return shop.place(CLARA, channel="manual")


def vouch(shop, placed, digits="1234", *, after=0):
    placed_at = shop.count("SELECT created_at FROM orders WHERE number = :n", n=placed.number)
    transaction(trade.vouch, shop.order_id(placed), digits, placed_at=placed_at, now=shop.now + after)
    return shop.count("SELECT max(id) FROM payment_claim")


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :n", n=placed.number)


def kept_until(shop, placed):
    return shop.count("SELECT expires_at FROM orders WHERE number = :n", n=placed.number)


def confirm(shop, claim_id, reference="2026112322001", *, after=0):
    return transaction(trade.confirm_vouched, claim_id, reference=reference, now=shop.now + after, **TOLD)


def refuse(shop, claim_id, *, after=0):
    told = {"reason": "没有这笔转账", "order_seconds": 15 * MINUTE, "actor": "account:1"}
    transaction(trade.refuse_vouched, claim_id, now=shop.now + after, **told)


def test_the_merchant_s_word_turns_the_order_to_paid_by_the_same_act_as_a_callback(shop, placed):
    claim_id = vouch(shop, placed)
    assert confirm(shop, claim_id) is Verdict.ACCEPTED
    assert state(shop, placed) == "paid"
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    kept = db.session.execute(db.text("SELECT source, verdict, trade_number, amount_fen, body FROM notice")).one()
    assert kept[:4] == ("hand", "accepted", "2026112322001", 10000)
    assert b"actor=account:1" in bytes(kept.body)
    claim = payments.claim_of_order(db.session, shop.order_id(placed))
    assert (claim.verdict, claim.settled_by) == ("came", "account:1")


def test_a_claim_keeps_the_goods_for_the_channel_s_hours_from_the_order_on_and_no_longer(shop, placed):
    vouch(shop, placed, after=10 * MINUTE)
    assert kept_until(shop, placed) == shop.now + 12 * HOUR
    assert transaction(trade.expire, shop.now + 12 * HOUR - 1) == 0
    assert transaction(trade.expire, shop.now + 12 * HOUR) == 1
    assert shop.count("SELECT count(*) FROM card WHERE state = 'available'") == 20


def test_an_order_that_is_being_vouched_for_is_not_expired_behind_it(shop, app, placed):
    order_id, found = shop.order_id(placed), []

    def expire():
        with app.app_context():
            found.append(transaction(trade.expire, shop.now + 15 * MINUTE))

    worker = threading.Thread(target=expire)

    def vouch_slowly(tx):
        trade.vouch(tx, order_id, "1234", placed_at=shop.now, now=shop.now + 15 * MINUTE - 1)
        worker.start()
        # Long enough for the worker to have found the order and to wait for it.
        worker.join(0.5)
        assert worker.is_alive()

    transaction(vouch_slowly)
    worker.join(10)
    assert found == [0]
    assert state(shop, placed) == "pending"


def test_saying_so_of_several_payments_keeps_the_goods_no_longer(shop, placed):
    vouch(shop, placed)
    order = db.session.get(orders.Order, shop.order_id(placed))
    db.session.refresh(order)
    transaction(trade.switch, order, "manual", "wxpay", shop.settings, shop.now + HOUR)
    vouch(shop, placed, "9999", after=11 * HOUR)
    assert kept_until(shop, placed) == shop.now + 12 * HOUR


def test_who_says_so_late_is_heard_and_keeps_nothing(shop, placed):
    transaction(trade.expire, shop.now + 15 * MINUTE)
    before = kept_until(shop, placed)
    claim_id = vouch(shop, placed, after=HOUR)
    assert (state(shop, placed), kept_until(shop, placed)) == ("expired", before)
    assert confirm(shop, claim_id, after=2 * HOUR) is Verdict.ACCEPTED
    assert state(shop, placed) == "paid"


def test_late_money_for_goods_that_are_sold_waits_in_the_queue(shop, placed):
    transaction(trade.expire, shop.now + 15 * MINUTE)
    claim_id = vouch(shop, placed, after=HOUR)
    assert shop.pay(shop.place(Person("mia@example.com"), quantity=10, address="192.0.2.9")) is Verdict.ACCEPTED
    assert shop.pay(shop.place(Person("mo@example.com"), quantity=10, address="192.0.2.8")) is Verdict.ACCEPTED
    assert confirm(shop, claim_id, after=2 * HOUR) is Verdict.LATE
    assert state(shop, placed) == "expired"
    assert [row.verdict for row in payments.strays_of_order(db.session, shop.order_id(placed))] == ["late"]
    assert payments.claim_of_order(db.session, shop.order_id(placed)).verdict == "came"


@pytest.mark.parametrize("digits", ["", "123", "1234567", "12 4", "１２３４", "<b>1", "12;4", "1234\n"])
def test_only_the_end_of_a_number_is_taken(shop, placed, digits):
    with pytest.raises(Refusal):
        vouch(shop, placed, digits)
    assert shop.count("SELECT count(*) FROM payment_claim") == 0


def test_it_is_said_once(shop, placed):
    vouch(shop, placed)
    with pytest.raises(Refusal):
        vouch(shop, placed, "5678")
    assert shop.count("SELECT digits FROM payment_claim") == "1234"


def test_eight_at_once_say_it_once(shop, app, placed):
    order_id = shop.order_id(placed)

    told = {"placed_at": shop.now, "now": shop.now}
    found = at_once(app, [lambda: transaction(trade.vouch, order_id, "1234", **told)] * 8)
    assert sorted(type(one).__name__ for one in found) == ["NoneType"] + ["Refusal"] * 7
    assert shop.count("SELECT count(*) FROM payment_claim") == 1


def test_two_people_confirm_one_claim_once(shop, app, placed):
    claim_id = vouch(shop, placed)

    found = at_once(app, [lambda n=n: confirm(shop, claim_id, f"20261123{n}") for n in range(4)])
    assert sorted(type(one).__name__ for one in found) == ["Refusal", "Refusal", "Refusal", "Verdict"]
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1


@pytest.mark.parametrize("case", ["paid", "too old", "another gateway"])
def test_what_is_not_waited_for_cannot_be_claimed(shop, placed, case):
    if case == "another gateway":
        placed = shop.place(Person("mia@example.com"), address="192.0.2.9")
    if case == "paid":
        confirm(shop, vouch(shop, placed))
    with pytest.raises(Refusal):
        vouch(shop, placed, after=24 * HOUR if case == "too old" else 0)


def test_one_transfer_pays_one_order(shop, placed):
    confirm(shop, vouch(shop, placed))
    other = shop.place(Person("mia@example.com"), channel="manual", address="192.0.2.9")
    claim_id = vouch(shop, other)
    with pytest.raises(Refusal):
        confirm(shop, claim_id)
    # The refusal undid the settling too: the merchant can enter the right number.
    assert confirm(shop, claim_id, "2026112322002") is Verdict.ACCEPTED


def test_no_money_came_tells_the_buyer_and_lets_the_goods_go_soon(shop, placed):
    claim_id = vouch(shop, placed)
    refuse(shop, claim_id, after=HOUR)
    assert kept_until(shop, placed) == shop.now + HOUR + 15 * MINUTE
    claim = payments.claim_of_order(db.session, shop.order_id(placed))
    assert (claim.verdict, claim.reason) == ("missing", "没有这笔转账")
    with pytest.raises(Refusal):
        refuse(shop, claim_id)
    with pytest.raises(Refusal):
        confirm(shop, claim_id)
    assert state(shop, placed) == "pending"


def test_refusing_gives_no_order_more_time(shop, placed):
    claim_id = vouch(shop, placed)
    refuse(shop, claim_id, after=12 * HOUR - 60)
    assert kept_until(shop, placed) == shop.now + 12 * HOUR


def test_money_that_came_twice_is_kept_in_sight(shop, placed):
    claim_id = vouch(shop, placed)
    order = db.session.get(orders.Order, shop.order_id(placed))
    number = transaction(trade.switch, order, "sandbox", "alipay", shop.settings, shop.now)
    query = payments.sign_notice(
        shop.channel.settings, payment_number=number, trade_number="T9", method="alipay", money="100.00"
    )
    assert shop.deliver(query) is Verdict.ACCEPTED
    assert confirm(shop, claim_id) is Verdict.DOUBLE_PAID
    assert [row.verdict for row in payments.strays_of_order(db.session, shop.order_id(placed))] == ["double_paid"]


def test_nobody_is_asked_about_it(shop, placed, caplog, app):
    assert trade.ask_due(shop.now + MINUTE) == 0
    told = app.test_cli_runner().invoke(args=["payments", "reconcile", "--since", "2020-01-01"]).output
    assert "0 unpaid payments asked about" in told
    assert not caplog.records


def test_an_order_that_was_confirmed_on_its_own_page_has_no_claim_left(shop, placed):
    vouch(shop, placed)
    told = {"reference": "20261123", "note": "", "now": shop.now, **TOLD}
    transaction(trade.confirm_by_hand, shop.order_id(placed), **told)
    assert payments.list_claims(db.session, waiting=True) == ([], None)
    assert len(payments.list_claims(db.session, waiting=False)[0]) == 1
