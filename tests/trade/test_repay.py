"""Refunds that the provider tells of: after the payment and before it (C27), once each, and never more than was paid."""

from collections import Counter
from importlib import import_module

import pytest

from app import payments, trade
from app.db import db, transaction
from app.payments import Verdict
from app.payments.gateways import Notice as RawNotice
from tests.crowd import at_once
from tests.shop import Person
from tests.trade.disputing import Case

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
STATES = "SELECT state FROM refund"


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def placed(shop, anna):
    return shop.place(CLARA, via=anna)


@pytest.fixture
def told(shop, placed):
    """The query string with which the provider tells of a refund."""

    def tell(refund_number="RF1", refund_money="100.00", trade_number="T00000001", order=placed, **changes):
        values = {"payment_number": order.payment_number, "trade_number": trade_number, "method": "alipay"}
        values |= {"money": shop.total(order), "refund_number": refund_number, "refund_money": refund_money}
        return payments.sign_refund_notice(shop.channel.settings, **(values | changes))

    return tell


def kept(shop):
    rows = db.session.execute(db.text("SELECT verdict FROM notice ORDER BY id")).scalars().all()
    db.session.rollback()
    return rows


def is_refunded(shop, anna, fen=10000):
    assert shop.count("SELECT coalesce(sum(refunded_fen), 0) FROM order_line") == fen
    assert shop.wallet(anna).held_fen == 1000 - fen // 10
    for account, left in (("asset:gateway:sandbox", 10000 - fen), ("liab:refund_clearing", 0)):
        posted = "SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = :account"
        assert shop.count(posted, account=account) == left
    return True


def test_a_refund_after_the_payment_is_booked_at_once(shop, placed, told, anna):
    shop.pay(placed)
    assert shop.deliver(told()) is Verdict.ACCEPTED
    assert is_refunded(shop, anna)
    row = "SELECT state || way || actor || reference FROM refund"
    assert shop.count(row) == "doneproviderprovider:sandboxRF1"


def test_a_refund_told_of_before_the_payment_is_taken_up_with_it(shop, placed, told, anna, visitor):
    """C27: both are kept, the order ends refunded, and no code is shown."""
    assert shop.deliver(told()) is Verdict.PARKED
    assert shop.count("SELECT count(*) FROM refund") == shop.count("SELECT count(*) FROM journal") == 0
    assert shop.pay(placed) is Verdict.ACCEPTED
    assert is_refunded(shop, anna)
    assert kept(shop) == ["parked", "accepted"]
    address = f"/orders/{placed.number}"
    visitor.get(f"{address}?key={placed.secret}")
    page = visitor.get(address)
    assert (page.status_code, "PS-0" in page.text) == (200, False)
    assert visitor.get(f"{address}/goods.txt").status_code == 404


def test_the_provider_hears_success_while_it_is_parked(visitor, told):
    answer = visitor.get(f"/hooks/payments/sandbox?{told()}")
    assert (answer.status_code, answer.text) == (200, "success")


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_told_of_many_times_is_one(shop, placed, told, anna, when):
    if when == "after":
        shop.pay(placed)
    verdicts = [shop.deliver(told()) for _ in range(5)]
    assert verdicts[1:] == [Verdict.DUPLICATE] * 4
    if when == "before":
        shop.pay(placed)
    assert shop.deliver(told()) is Verdict.DUPLICATE
    assert is_refunded(shop, anna)
    assert shop.count("SELECT count(*) FROM refund") == 1


def test_a_part_leaves_the_goods_with_the_buyer(shop, placed, told, anna, visitor):
    shop.deliver(told(refund_money="40.00"))
    shop.pay(placed)
    assert is_refunded(shop, anna, 4000)
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    assert "PS-0" in visitor.get(f"/orders/{placed.number}").text


def test_two_parts_in_both_orders(shop, placed, told, anna):
    shop.deliver(told("RF1", "40.00"))
    shop.pay(placed)
    assert shop.deliver(told("RF2", "60.00")) is Verdict.ACCEPTED
    assert is_refunded(shop, anna)


def test_payment_and_refund_told_of_at_once(app, shop, placed, told, anna):
    """Whichever comes first, and however close: the refund is never forgotten."""
    pay, back, channel = shop.notice(placed), told(), shop.channel
    acts = [lambda: shop.deliver(pay, channel), lambda: shop.deliver(back, channel)] * 5
    verdicts = Counter(at_once(app, acts))
    # Who lost a race inside of the database is told to come again, as a provider does.
    assert set(verdicts) <= {Verdict.ACCEPTED, Verdict.PARKED, Verdict.DUPLICATE, Verdict.FAILED}
    shop.deliver(pay)
    shop.deliver(back)
    assert is_refunded(shop, anna)
    assert shop.count("SELECT count(*) FROM refund") == 1


def test_more_than_was_paid_is_kept_for_the_merchant(shop, placed, told, anna):
    shop.pay(placed)
    assert shop.deliver(told(refund_money="100.01")) is Verdict.REFUND_UNFIT
    assert shop.deliver(told("RF1", "60.00")) is Verdict.ACCEPTED
    assert shop.deliver(told("RF2", "60.00")) is Verdict.REFUND_UNFIT
    assert is_refunded(shop, anna, 6000)
    assert Verdict.REFUND_UNFIT.needs_a_hand


def test_a_number_that_stood_for_another_refund_is_none_of_this_one(shop, placed, told):
    other = shop.place(Person("dan@example.com"))
    shop.pay(placed)
    shop.pay(other)
    assert shop.deliver(told()) is Verdict.ACCEPTED
    assert shop.deliver(told(order=other, trade_number="T00000002")) is Verdict.REFUND_UNFIT
    assert shop.deliver(told(refund_money="1.00")) is Verdict.REFUND_UNFIT
    assert shop.count("SELECT count(*) FROM refund") == 1


def test_a_refund_of_a_second_transfer_does_not_refund_the_order(shop, placed, told, anna):
    """It is the second transfer that went back: nobody has to look at it any more."""
    shop.pay(placed)
    assert shop.pay(placed) is Verdict.DOUBLE_PAID
    assert shop.deliver(told(trade_number="T00000002", refund_money="60.00")) is Verdict.REFUND_UNFIT
    assert shop.deliver(told(trade_number="T00000002")) is Verdict.ACCEPTED
    assert shop.count("SELECT state FROM stray WHERE verdict = 'double_paid'") == "refunded"
    assert is_refunded(shop, anna, 0)


def test_a_parked_refund_of_another_transfer_stays_parked(shop, placed, told, anna):
    assert shop.deliver(told(trade_number="T-OTHER")) is Verdict.PARKED
    shop.pay(placed)
    assert is_refunded(shop, anna, 0)


def test_a_parked_refund_that_does_not_fit_keeps_nobody_from_the_goods(shop, placed, told, anna):
    shop.deliver(told("RF1", "60.00"))
    shop.deliver(told("RF2", "60.00"))
    assert shop.pay(placed) is Verdict.ACCEPTED
    assert is_refunded(shop, anna, 6000)


def test_commission_that_is_computed_later_knows_of_it(shop, placed, told, anna, monkeypatch):
    def fail(*_arguments):
        raise ValueError("arithmetic")

    shop.deliver(told(refund_money="40.00"))
    with monkeypatch.context() as broken:
        broken.setattr(import_module("app.trade.confirm"), "accrue", fail)
        assert shop.pay(placed) is Verdict.ACCEPTED
    assert shop.wallet(anna).held_fen == 0
    assert transaction(trade.retry_accruals, shop.now + 60) == 1
    assert is_refunded(shop, anna, 4000)


def test_a_fault_of_the_refund_undoes_no_sale(shop, placed, told, anna, monkeypatch):
    def fail(*_arguments):
        raise ValueError("a bug")

    shop.deliver(told())
    with monkeypatch.context() as broken:
        broken.setattr(import_module("app.trade.confirm"), "take_parked", fail)
        assert shop.pay(placed) is Verdict.ACCEPTED
    assert is_refunded(shop, anna, 0)


@pytest.mark.parametrize("changes", [{"refund_money": ""}, {"refund_money": "0"}, {"refund_money": "1e2"}])
def test_an_amount_that_is_none_is_malformed(shop, placed, told, changes):
    shop.pay(placed)
    assert shop.deliver(told(**changes)) is Verdict.MALFORMED
    assert shop.deliver(told(refund_number="RF 1")) is Verdict.MALFORMED


def test_a_forged_one_changes_nothing(shop, placed, told, anna):
    shop.pay(placed)
    query = told(refund_money="40.00").replace("refund_money=40.00", "refund_money=100.00")
    assert shop.deliver(query) is Verdict.FORGED
    assert is_refunded(shop, anna, 0)


@pytest.mark.parametrize("state", ["pending", "doubtful"])
def test_it_settles_the_refund_that_the_shop_asked_for(shop, placed, told, anna, state):
    shop.pay(placed)
    refund_id = shop.refund(placed, 4000, way="gateway", done=False)
    if state == "doubtful":
        transaction(trade.settle_refund, refund_id, state="doubtful", now=shop.now)
    assert shop.deliver(told(refund_money="40.00")) is Verdict.ACCEPTED
    assert (shop.count(STATES), shop.count("SELECT reference FROM refund")) == ("done", "RF1")
    assert trade.send_refunds(shop.now) == 0
    assert is_refunded(shop, anna, 4000)


def test_one_that_the_shop_knows_by_its_reference_is_a_duplicate(shop, placed, told, anna):
    shop.pay(placed)
    shop.refund(placed, 4000, way="gateway", done=False)
    assert trade.send_refunds(shop.now) == 1
    reference = shop.count("SELECT reference FROM refund")
    assert shop.deliver(told(reference, "40.00")) is Verdict.DUPLICATE
    assert is_refunded(shop, anna, 4000)


def test_the_real_protocol_knows_no_refund_notice(shop, placed, told):
    """Guard, rule 13: to an EPay account these are unknown keys of a payment that is not paid."""
    notice = RawNotice("GET", told().encode(), b"", "")
    reading = payments.GATEWAYS["epay"].read(shop.channel.settings, notice, shop.now)
    assert (reading.refund_number, reading.refunded_fen, reading.paid, reading.needs_query) == (None, None, False, True)


@pytest.mark.parametrize("how", ["by hand", "noted later", "a chargeback"])
def test_what_the_shop_noted_itself_is_not_booked_twice(shop, placed, told, anna, how):
    shop.pay(placed)
    order_id = shop.order_id(placed)
    if how == "a chargeback":
        claim = {"claim": "c", "wanted_fen": 4000, "actor": "account:1", "now": shop.now}
        case = Case.of(shop, transaction(trade.report_chargeback, order_id, **claim))
        case.do(trade.record_outcome, fen=4000, reference="RF1", actor="account:1")
    else:
        refund_id = shop.refund(placed, 4000, way="hand", done=False)
        if how == "by hand":
            transaction(trade.settle_refund, refund_id, state="done", reference="RF1", now=shop.now)
    assert shop.deliver(told(refund_money="40.00")) in (Verdict.DUPLICATE, Verdict.ACCEPTED)
    assert shop.count("SELECT sum(refunded_fen) FROM order_line") == 4000
    assert shop.count("SELECT state FROM refund") == "done"
    assert shop.wallet(anna).held_fen == 600


def test_another_amount_under_a_number_that_was_noted_is_looked_into(shop, placed, told):
    shop.pay(placed)
    refund_id = shop.refund(placed, 4000, way="hand", done=False)
    transaction(trade.settle_refund, refund_id, state="done", reference="RF1", now=shop.now)
    assert shop.deliver(told(refund_money="30.00")) is Verdict.REFUND_UNFIT
    assert shop.count("SELECT sum(refunded_fen) FROM order_line") == 4000


def test_what_was_noted_as_failed_and_was_sent_is_booked(shop, placed, told, anna):
    shop.pay(placed)
    refund_id = shop.refund(placed, 4000, way="gateway", done=False)
    for state, reference in (("doubtful", None), ("failed", "RF1")):
        transaction(trade.settle_refund, refund_id, state=state, reference=reference, now=shop.now)
    assert shop.deliver(told(refund_money="40.00")) is Verdict.ACCEPTED
    assert shop.count("SELECT sum(refunded_fen) FROM order_line") == 4000
    assert shop.wallet(anna).held_fen == 600
