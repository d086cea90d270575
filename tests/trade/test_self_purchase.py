"""The discount on own purchases (1.15): less to pay for a distributor, nothing to earn by it, and levels stay where they are."""

import pytest

from app import accounts, referral, trade
from app import shop as shop_room
from app.db import db, transaction
from app.errors import Refusal
from app.referral import Reward
from tests.shop import ADDRESS, Person

pytestmark = pytest.mark.both_databases


def order_of(placed):
    row = db.session.execute(
        db.text(
            "SELECT goods_fen, orders.discount_fen, total_fen, order_line.discount_fen AS line_discount_fen, base_fen, "
            "amount_fen FROM orders JOIN order_line ON order_line.order_id = orders.id "
            "JOIN payment ON payment.order_id = orders.id WHERE orders.number = :number"
        ),
        {"number": placed.number},
    ).one()
    db.session.rollback()
    return tuple(row)


def test_a_distributor_pays_less_and_the_inviter_earns_on_what_is_paid(shop):
    """Anna invited Boris; Boris buys 100 yuan with 5 % off: he pays 95, Anna has 9.50, nobody moves up."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    placed = shop.buy(boris)
    assert order_of(placed) == (10000, 500, 9500, 500, 9500, 9500)
    assert (shop.wallet(anna).held_fen, shop.wallet(boris).held_fen) == (950, 0)
    assert shop.count("SELECT level FROM commission") == 1
    assert shop.count("SELECT sum(amount_fen) FROM posting WHERE account = 'income:sales'") == -9500


def test_levels_do_not_shift(shop):
    """The buyer does not become level 1: the inviter stays there, and the inviter's inviter is level 2."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    clara = shop.member("clara@example.com", via=boris)
    shop.buy(clara)
    wallets = [shop.wallet(person).held_fen for person in (clara, boris, anna)]
    assert wallets == [0, 950, 475]


def test_without_an_inviter_nobody_earns(shop):
    shop.buy(shop.member("anna@example.com"))
    assert shop.count("SELECT count(*) FROM commission") == 0


@pytest.mark.parametrize(
    ("price_fen", "quantity", "discount_fen"), [(19, 1, 0), (20, 1, 1), (19, 3, 2), (9999, 1, 499), (1999, 7, 699)]
)
def test_it_is_rounded_down_of_the_whole_line(shop, price_fen, quantity, discount_fen):
    transaction(shop.product, "odd", price_fen=price_fen)
    placed = shop.buy(shop.member("anna@example.com"), slug="odd", quantity=quantity)
    total_fen = price_fen * quantity - discount_fen
    assert order_of(placed)[1:] == (discount_fen, total_fen, discount_fen, total_fen, total_fen)


def test_a_guest_pays_the_whole_price_even_with_a_distributors_contact(shop):
    """Nobody proves a contact at checkout."""
    shop.member("anna@example.com")
    assert order_of(shop.buy(Person("anna@example.com")))[1] == 0


def test_an_account_that_has_not_joined_pays_the_whole_price_once(shop):
    """Its first purchase makes it a distributor; the second one is cheaper."""
    anna = shop.member("anna@example.com", joins=False)
    assert [order_of(shop.buy(anna))[1] for _ in range(2)] == [0, 500]


@pytest.mark.parametrize("state", ["none", "suspended", "banned"])
def test_who_may_not_earn_gets_no_discount(shop, state):
    anna = shop.member("anna@example.com")
    change = {"state": state, "id": shop.node(anna).id}
    transaction(lambda tx: tx.execute(db.text("UPDATE node SET state = :state WHERE id = :id"), change))
    assert order_of(shop.place(anna))[1] == 0


def test_a_product_without_commission_has_no_discount(shop):
    transaction(shop.product, "gift", commissionable=False)
    assert order_of(shop.place(shop.member("anna@example.com"), slug="gift"))[1] == 0


def test_the_merchant_may_give_none(shop):
    transaction(shop_room.change_settings, self_bps=0)
    assert order_of(shop.place(shop.member("anna@example.com")))[1] == 0


def test_discount_and_levels_stay_under_the_cap_together(shop):
    """20 % and 10 % were forced: 25 % less the discount of 5 % leaves nothing for the second level."""
    transaction(referral.write_rates, "shop", 0, {1: Reward(2000), 2: Reward(1000)})
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(shop.member("clara@example.com", via=boris))
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1900, 0)


def place(shop, person, seen):
    wish = trade.Wish(
        shop.sku(), 1, accounts.read_contact(person.contact), "sandbox", seen_price_fen=10000, seen_discount_bps=seen
    )
    visitor = trade.Visitor(ADDRESS, account_id=person.account_id, device_hash=person.device)
    return transaction(trade.place, wish, visitor, shop.settings, shop.now)


def test_nobody_pays_more_than_the_page_said(shop):
    anna = shop.member("anna@example.com")
    place(shop, anna, 500)
    transaction(shop_room.change_settings, self_bps=300)
    with pytest.raises(Refusal, match=r"97\.00"):
        place(shop, anna, 500)
    with pytest.raises(Refusal, match=r"100\.00"):
        place(shop, Person("guest@example.com"), 500)
    assert order_of(place(shop, anna, 0))[2] == 9700
    assert shop.count("SELECT count(*) FROM orders") == 2
