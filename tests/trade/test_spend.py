"""Commission spent on goods: one entry, the same gate as every payment, and refunds go back to where it came from."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app import orders, payments, settlement, trade
from app.db import db, transaction
from app.errors import Refusal
from tests.shop import Person
from tests.trade.disputing import parts

pytestmark = pytest.mark.both_databases


@pytest.fixture
def channel(shop):
    row = {"slug": "balance", "gateway": "balance", "name": "余额", "settings": {}, "enabled": True}
    transaction(payments.create_channel, **row, now=shop.now)


@pytest.fixture
def boris(shop, channel):
    """Boris, whom Anna invited, with 20 yuan available and goods of 15 to spend them on, which cost a distributor 14.25."""
    transaction(shop.product, "small", price_fen=1500, codes=9)
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    for name in ("clara", "dora"):
        shop.buy(Person(f"{name}@example.com"), via=boris)
    shop.pass_days(7)
    shop.anna = anna
    return boris


def place(shop, person, slug="small"):
    return shop.place(person, slug=slug, channel="balance")


def spend(shop, placed, person):
    order = orders.find_order(db.session, placed.number)
    payment = payments.payment_of_order(db.session, order.id)
    db.session.expunge_all()
    db.session.rollback()
    told = {"address": "192.0.2.1", "request_id": "r", "now": shop.now}
    transaction(trade.spend, order, payment, person.account_id, **told)


def balance(shop, account):
    return shop.count("SELECT amount_fen FROM balance WHERE account = :account", account=account) or 0


def delivered(shop, placed):
    return shop.count("SELECT delivered_at FROM orders WHERE number = :number", number=placed.number) is not None


def test_it_pays_and_delivers_and_the_upline_earns(shop, boris):
    assert parts(shop, boris) == (0, 2000, 0, 0)
    sales_fen = balance(shop, "income:sales")
    placed = place(shop, boris)
    spend(shop, placed, boris)
    assert delivered(shop, placed)
    assert parts(shop, boris) == (0, 575, 0, 0)
    assert shop.wallet(boris).paid_out_fen == 1425
    assert balance(shop, "income:sales") == sales_fen - 1425
    assert shop.wallet(shop.anna).held_fen == 142
    entries = "SELECT count(*) FROM journal WHERE order_number = :number AND kind = 'paid'"
    assert shop.count(entries, number=placed.number) == 1


def test_what_is_not_there_is_not_spent(shop, boris):
    placed = place(shop, boris, slug="ps")
    with pytest.raises(Refusal):
        spend(shop, placed, boris)
    assert not delivered(shop, placed)
    assert parts(shop, boris) == (0, 2000, 0, 0)
    assert shop.count("SELECT count(*) FROM notice WHERE source = 'balance'") == 0


def test_held_money_cannot_be_spent(shop, channel):
    transaction(shop.product, "small", price_fen=500, codes=9)
    boris = shop.member("boris@example.com")
    shop.buy(Person("clara@example.com"), via=boris)
    with pytest.raises(Refusal):
        spend(shop, place(shop, boris), boris)


def test_twice_is_once(shop, boris):
    placed = place(shop, boris)
    spend(shop, placed, boris)
    spend(shop, placed, boris)
    assert parts(shop, boris) == (0, 575, 0, 0)


def test_nobody_spends_what_is_another_persons(shop, boris):
    placed = place(shop, shop.anna)
    with pytest.raises(Refusal):
        spend(shop, placed, boris)
    with pytest.raises(Refusal):
        place(shop, Person("guest@example.com"))


def test_a_suspended_person_cannot_spend(shop, boris):
    placed = place(shop, boris)
    transaction(trade.suspend, shop.node(boris).id, reason="x", actor="account:1", now=shop.now)
    with pytest.raises(Refusal):
        spend(shop, placed, boris)
    assert settlement.spendable_fen(db.session, boris.account_id) == 0


def test_a_refund_goes_back_to_the_balance(shop, boris):
    placed = place(shop, boris)
    spend(shop, placed, boris)
    shop.refund(placed, 600, way="gateway", done=False)
    assert parts(shop, boris) == (0, 575, 0, 0)
    assert trade.send_refunds(shop.now) == 1
    assert parts(shop, boris) == (0, 1175, 0, 0)
    assert shop.wallet(boris).paid_out_fen == 825
    shop.refund(placed, 825, way="gateway", done=False)
    assert trade.send_refunds(shop.now) == 1
    assert (parts(shop, boris), shop.wallet(boris).paid_out_fen) == ((0, 2000, 0, 0), 0)
    assert shop.wallet(shop.anna).held_fen == 0


def test_a_refund_pays_a_debt_first(shop, boris):
    placed = place(shop, boris)
    spend(shop, placed, boris)
    order = shop.count("SELECT orders.number FROM orders WHERE total_fen = 10000 ORDER BY id LIMIT 1")
    shop.refund(trade.Placed(order, "", None), 10000)
    assert parts(shop, boris) == (0, 0, 0, 425)
    shop.refund(placed, 1425, way="gateway", done=False)
    trade.send_refunds(shop.now)
    assert parts(shop, boris) == (0, 1000, 0, 0)


def test_two_orders_at_once_cannot_spend_the_same_money(app, shop, boris):
    first, second = place(shop, boris), place(shop, boris)

    def act(placed):
        with app.app_context():
            try:
                spend(shop, placed, boris)
            except Refusal:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, (first, second))) == [False, True]
    assert parts(shop, boris) == (0, 575, 0, 0)


def test_an_order_whose_time_is_up_is_taken_up_again_while_its_goods_are_there(shop, boris):
    transaction(shop.product, "tiny", price_fen=100, codes=1)
    placed, other = place(shop, boris), place(shop, boris, slug="tiny")
    shop.now += 16 * 60
    transaction(trade.expire, shop.now)
    spend(shop, placed, boris)
    assert delivered(shop, placed)
    assert parts(shop, boris) == (0, 575, 0, 0)
    transaction(lambda tx: tx.execute(db.text("UPDATE card SET state = 'faulty' WHERE state = 'available'")))
    with pytest.raises(Refusal):
        spend(shop, other, boris)
    assert not delivered(shop, other)
    assert shop.count("SELECT count(*) FROM notice WHERE source = 'balance'") == 1
