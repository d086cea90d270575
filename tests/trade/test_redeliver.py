"""Goods handed over by the merchant: a paid order whose codes were not whole, and a code that does not work."""

import pytest
from sqlalchemy.exc import DBAPIError

from app import delivery, stock, trade
from app.db import db, transaction
from app.errors import Refusal
from app.payments import Verdict
from app.stock import SoldOut
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
LILIS = {"actor": "account:1", "reason": "码无效"}


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def undelivered(shop, anna):
    """Paid, but a hand on the database took one of its two codes."""
    transaction(shop.product, "two", codes=2)
    placed = shop.place(CLARA, slug="two", quantity=2, via=anna)
    order_id = shop.order_id(placed)
    transaction(lambda tx: tx.exec_driver_sql(_TAKE_ONE % order_id))
    assert shop.pay(placed) is Verdict.ACCEPTED
    assert shop.count("SELECT count(*) FROM orders WHERE delivered_at IS NULL") == 1
    return placed


_TAKE_ONE = (
    "UPDATE card SET state = 'faulty', order_id = NULL WHERE id = (SELECT min(id) FROM card WHERE order_id = %s)"
)


def restock(shop, slug, *codes):
    sku_id = shop.count("SELECT sku.id FROM sku JOIN product ON product.id = product_id WHERE slug = :slug", slug=slug)
    transaction(stock.take_in, sku_id, "\n".join(codes), account_id=None, now=shop.now)


def hand_over(shop, placed):
    transaction(trade.hand_over_again, shop.order_id(placed), **LILIS, now=shop.now)


def replace(shop, placed, card_id):
    transaction(trade.replace_card, shop.order_id(placed), card_id, **LILIS, now=shop.now)


def codes(shop, placed):
    found = stock.codes_of_order(db.session, shop.order_id(placed))
    db.session.rollback()
    return found


def events(shop, placed):
    found = delivery.deliveries_of_order(db.session, shop.order_id(placed))
    db.session.rollback()
    return [(row.kind, row.actor, row.reason) for row in found]


class TestHandOverAgain:
    def test_it_takes_what_is_missing_and_the_inviter_earns(self, shop, undelivered, anna):
        assert shop.wallet(anna).held_fen == 0
        restock(shop, "two", "TWO-NEW")
        hand_over(shop, undelivered)
        assert codes(shop, undelivered) == ["TWO-00001", "TWO-NEW"]
        assert shop.wallet(anna).held_fen == 2000
        assert events(shop, undelivered) == [("handed_over", "account:1", "码无效")]

    def test_all_or_nothing(self, shop, undelivered):
        with pytest.raises(SoldOut):
            hand_over(shop, undelivered)
        assert (codes(shop, undelivered), events(shop, undelivered)) == ([], [])

    def test_once_when_two_people_try(self, app, shop, undelivered):
        restock(shop, "two", "TWO-NEW", "TWO-NEWER")
        order_id, now = shop.order_id(undelivered), shop.now
        act = lambda: transaction(trade.hand_over_again, order_id, **LILIS, now=now)  # noqa: E731
        outcomes = at_once(app, [act] * 4)
        assert sum(outcome is None for outcome in outcomes) == 1
        assert len(codes(shop, undelivered)) == 2

    @pytest.mark.parametrize("state", ["pending", "delivered", "refunded"])
    def test_only_what_is_paid_and_not_delivered(self, shop, undelivered, state):
        restock(shop, "two", "TWO-NEW")
        placed = undelivered
        if state == "pending":
            placed = shop.place(Person("dan@example.com"), address="198.51.100.9")
        elif state == "delivered":
            placed = shop.buy(Person("dan@example.com"), address="198.51.100.9")
        else:
            shop.refund(placed, 20000)
        before = shop.count("SELECT count(*) FROM card WHERE state = 'sold'")
        with pytest.raises(Refusal):
            hand_over(shop, placed)
        assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == before


class TestReplaceACode:
    @pytest.fixture
    def bought(self, shop):
        return shop.buy(CLARA, quantity=2)

    @pytest.fixture
    def card_id(self, shop, bought):
        return shop.count("SELECT min(id) FROM card WHERE state = 'sold'")

    def test_the_old_one_is_marked_and_a_new_one_is_there(self, shop, bought, card_id):
        replace(shop, bought, card_id)
        assert codes(shop, bought) == ["PS-00001", "PS-00002"]
        assert stock.faulty_codes_of_order(db.session, shop.order_id(bought)) == ["PS-00000"]
        assert events(shop, bought) == [("replaced", "account:1", "码无效")]
        row = "SELECT old_card_id || '>' || new_card_id FROM delivery_event"
        assert shop.count(row) == f"{card_id}>{card_id + 2}"

    def test_a_faulty_one_is_never_sold_again(self, shop, bought, card_id):
        replace(shop, bought, card_id)
        shop.buy(Person("dan@example.com"), quantity=10, address="198.51.100.9")
        state = shop.count("SELECT state FROM card WHERE id = :id", id=card_id)
        assert (state, shop.count("SELECT count(*) FROM card WHERE state = 'sold'")) == ("faulty", 12)

    @pytest.mark.parametrize("wrong", ["twice", "another's", "nothing", "refunded"])
    def test_it_refuses_what_is_not_this_orders(self, shop, bought, card_id, wrong):
        placed = bought
        if wrong == "twice":
            replace(shop, bought, card_id)
        elif wrong == "another's":
            placed = shop.buy(Person("dan@example.com"), address="198.51.100.9")
        elif wrong == "nothing":
            card_id = 0
        else:
            shop.refund(bought, 20000)
        before = codes(shop, bought)
        with pytest.raises(Refusal):
            replace(shop, placed, card_id)
        assert codes(shop, bought) == before

    def test_without_another_on_the_shelf_nothing_changes(self, shop):
        transaction(shop.product, "one", codes=1)
        placed = shop.buy(CLARA, slug="one")
        with pytest.raises(SoldOut):
            replace(shop, placed, shop.count("SELECT id FROM card WHERE state = 'sold'"))
        assert codes(shop, placed) == ["ONE-00000"]

    def test_what_happened_is_never_changed(self, shop, bought, card_id):
        replace(shop, bought, card_id)
        with pytest.raises(DBAPIError, match="append-only"):
            transaction(lambda tx: tx.exec_driver_sql("DELETE FROM delivery_event"))
