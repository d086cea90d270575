"""Late money: recorded first, then handed over if the goods are there, else in the queue or sent back; never both, never lost."""

from collections import Counter

import pytest

from app import orders, payments, stock, trade
from app import shop as shop_room
from app.db import db, transaction
from app.payments import RefundAnswer, Verdict
from app.payments.gateways.sandbox import Sandbox
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
UNCLAIMED = "SELECT coalesce(-sum(amount_fen), 0) FROM posting WHERE account = 'liab:unclaimed'"


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def one(shop):
    """A product of which there is one code."""
    transaction(shop.product, "one", codes=1)


@pytest.fixture
def expired(shop, anna, one):
    """An order for the one code, too old to be paid."""
    placed = shop.place(CLARA, slug="one", via=anna)
    shop.now += 15 * 60
    assert transaction(trade.expire, shop.now) == 1
    return placed


@pytest.fixture
def gone(shop, expired):
    """The same, and somebody else has the code."""
    shop.buy(Person("dan@example.com"), slug="one", address="198.51.100.9")
    return expired


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


def strays(shop):
    rows = db.session.execute(db.text("SELECT verdict, state, amount_fen FROM stray ORDER BY id")).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def test_it_is_handed_over_while_the_goods_are_there(shop, expired, anna):
    """Through the very same act: sold once, booked once, and the inviter earns."""
    query = shop.notice(expired)
    assert shop.deliver(query) is Verdict.ACCEPTED
    assert (state(shop, expired), strays(shop)) == ("paid", [])
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert shop.wallet(anna).held_fen == 1000
    assert shop.deliver(query) is Verdict.DUPLICATE
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1


def test_a_cancelled_order_is_taken_up_as_well(shop, one):
    placed = shop.place(CLARA, slug="one")
    with db.engine.connect().execution_options(write=True) as tx, tx.begin():
        tx.exec_driver_sql("UPDATE orders SET state = 'cancelled'")
        orders.rebuild_figures(tx)
        tx.exec_driver_sql("UPDATE card SET state = 'available', order_id = NULL WHERE state = 'reserved'")
    assert shop.pay(placed) is Verdict.ACCEPTED
    assert state(shop, placed) == "paid"


def test_a_channel_that_is_switched_off_still_hears_of_it(shop, expired, visitor):
    """C04: by the public address."""
    settings = {"merchant_id": "1001", "key": shop.channel.settings["key"]}
    transaction(
        payments.change_channel, "sandbox", name="测试", settings=settings, enabled=False, terms=shop.channel.terms
    )
    query = shop.notice(expired)
    db.session.rollback()
    answer = visitor.get(f"/hooks/payments/sandbox?{query}")
    assert (answer.status_code, answer.data) == (200, b"success")
    assert state(shop, expired) == "paid"


def test_without_goods_it_waits_in_the_queue_and_the_books_hold_it(shop, gone):
    query = shop.notice(gone)
    assert [shop.deliver(query) for _ in range(3)] == [Verdict.LATE] * 3
    assert (state(shop, gone), strays(shop)) == ("expired", [("late", "open", 10000)])
    assert shop.count(UNCLAIMED) == 10000
    assert shop.count("SELECT count(*) FROM notice WHERE verdict = 'late'") == 3


def test_told_once_more_when_there_are_goods_again_it_is_handed_over(shop, gone):
    query = shop.notice(gone)
    assert shop.deliver(query) is Verdict.LATE
    transaction(_restock, shop)
    assert shop.deliver(query) is Verdict.ACCEPTED
    assert (state(shop, gone), strays(shop)) == ("paid", [("late", "attached", 10000)])
    assert shop.count(UNCLAIMED) == 0


def test_all_of_an_order_or_nothing_of_it(shop):
    transaction(shop.product, "three", codes=3)
    placed = shop.place(CLARA, slug="three", quantity=3)
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    shop.buy(Person("dan@example.com"), slug="three", address="198.51.100.9")
    assert shop.pay(placed) is Verdict.LATE
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 0


def test_paid_twice_waits_in_the_queue(shop):
    """C20."""
    placed = shop.buy(CLARA)
    assert shop.pay(placed) is Verdict.DOUBLE_PAID
    assert strays(shop) == [("double_paid", "open", 10000)]
    assert shop.count(UNCLAIMED) == 10000
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1


def test_a_transfer_that_paid_another_order_is_no_money(shop):
    """C19: it needs a hand, and the books hold nothing for it."""
    shop.pay(shop.place(CLARA), trade_number="T-ONE")
    other = shop.place(Person("dan@example.com"), address="198.51.100.9")
    assert shop.pay(other, trade_number="T-ONE") is Verdict.REUSED_TRADE
    assert (strays(shop), shop.count(UNCLAIMED)) == ([("reused_trade", "open", 10000)], 0)


class TestBySetting:
    @pytest.fixture(autouse=True)
    def refunding(self, shop):
        transaction(shop_room.change_settings, late_money="refund")

    def test_it_goes_back_by_itself(self, shop, gone):
        assert shop.pay(gone) is Verdict.LATE
        assert strays(shop) == [("late", "refunding", 10000)]
        assert (trade.send_returns(shop.now), trade.send_returns(shop.now)) == (1, 0)
        assert strays(shop) == [("late", "refunded", 10000)]
        assert shop.count(UNCLAIMED) == 0
        assert shop.count("SELECT sum(amount_fen) FROM posting WHERE account = 'asset:gateway:sandbox'") == 10000

    def test_what_goes_back_is_not_handed_over_any_more(self, shop, gone):
        query = shop.notice(gone)
        shop.deliver(query)
        transaction(_restock, shop)
        assert shop.deliver(query) is Verdict.DUPLICATE
        trade.send_returns(shop.now)
        assert shop.deliver(query) is Verdict.DUPLICATE
        assert state(shop, gone) == "expired"

    def test_paid_twice_goes_back_too(self, shop):
        placed = shop.buy(CLARA)
        shop.pay(placed)
        assert trade.send_returns(shop.now) == 1
        assert strays(shop) == [("double_paid", "refunded", 10000)]
        assert shop.count("SELECT count(*) FROM refund") == 0

    @pytest.mark.parametrize(("answer", "left"), [("failed", "open"), ("doubtful", "doubtful")])
    def test_one_that_does_not_go_back_is_in_the_queue(self, shop, gone, monkeypatch, answer, left):
        monkeypatch.setattr(Sandbox, "refund", lambda *_: RefundAnswer(answer, reason="不行"))
        shop.pay(gone)
        assert trade.send_returns(shop.now) == 0
        assert strays(shop) == [("late", left, 10000)]
        assert shop.count(UNCLAIMED) == 10000

    def test_a_channel_that_cannot_refund_leaves_it_in_the_queue(self, shop, gone, monkeypatch):
        monkeypatch.setattr(Sandbox, "can_refund", lambda *_: False)
        shop.pay(gone)
        assert strays(shop) == [("late", "open", 10000)]


def _told_of_refund(shop, placed, trade_number, money="100.00"):
    values = {"payment_number": placed.payment_number, "trade_number": trade_number, "method": "alipay"}
    values |= {"money": "100.00", "refund_number": "RF1", "refund_money": money}
    return shop.deliver(payments.sign_refund_notice(shop.channel.settings, **values))


@pytest.mark.parametrize("first", ["payment", "refund"])
def test_money_that_the_provider_gave_back_waits_for_nobody(shop, gone, first):
    """C27: in either order."""
    query = shop.notice(gone, trade_number="T-1")
    if first == "payment":
        assert shop.deliver(query) is Verdict.LATE
        assert _told_of_refund(shop, gone, "T-1") is Verdict.ACCEPTED
    else:
        assert _told_of_refund(shop, gone, "T-1") is Verdict.PARKED
        assert shop.deliver(query) is Verdict.LATE
    assert (strays(shop), shop.count(UNCLAIMED)) == ([("late", "refunded", 10000)], 0)
    assert _told_of_refund(shop, gone, "T-1") is Verdict.DUPLICATE


def test_what_went_back_before_it_was_told_of_is_not_handed_over(shop, expired):
    """C27: the goods are there, and the money is not any more."""
    assert _told_of_refund(shop, expired, "T-1") is Verdict.PARKED
    assert shop.pay(expired, trade_number="T-1") is Verdict.LATE
    assert (state(shop, expired), strays(shop)) == ("expired", [("late", "refunded", 10000)])


def test_the_last_code_goes_to_one_of_two(app, shop):
    """K05, K01: the order expires, its money comes, and somebody else wants the code, all at the same second."""
    channel, start, outcomes = shop.channel, shop.now, Counter()
    for number in range(20):
        shop.now = start
        transaction(shop.product, f"last{number}", codes=1)
        placed = shop.place(Person(f"p{number}@example.com"), slug=f"last{number}", address=f"198.51.{number}.1")
        query = shop.notice(placed)
        shop.now = start + 15 * 60
        _, verdict, other = at_once(
            app,
            [
                lambda: transaction(trade.expire, start + 15 * 60),
                lambda query=query: shop.deliver(query, channel),
                lambda n=number: shop.place(Person(f"q{n}@example.com"), slug=f"last{n}", address=f"198.52.{n}.1"),
            ],
        )
        has_other = not isinstance(other, Exception)
        assert (verdict, has_other) in [(Verdict.ACCEPTED, False), (Verdict.LATE, True)]
        outcomes[verdict] += 1
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == outcomes[Verdict.ACCEPTED]
    assert shop.count("SELECT count(*) FROM stray WHERE state = 'open'") == outcomes[Verdict.LATE]


def test_two_late_transfers_at_once_deliver_once(app, shop, expired):
    queries, channel = [shop.notice(expired) for _ in range(8)], shop.channel
    verdicts = at_once(app, [lambda query=query: shop.deliver(query, channel) for query in queries])
    assert Counter(verdicts) == {Verdict.ACCEPTED: 1, Verdict.DOUBLE_PAID: 7}
    assert shop.count(UNCLAIMED) == 70000


def _restock(tx, shop):
    sku_id = tx.exec_driver_sql("SELECT sku.id FROM sku JOIN product ON product.id = product_id WHERE slug = 'one'")
    stock.take_in(tx, sku_id.scalar_one(), "ONE-AGAIN", account_id=None, now=shop.now)
