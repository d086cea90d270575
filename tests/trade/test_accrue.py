"""Commission: the worked examples E1 to E3, what a row keeps, and who gets nothing."""

import pytest

from app import orders, payments, referral, stock, trade
from app.accounts import read_contact
from app.clock import DAY
from app.db import db, transaction
from app.money import allocate, share
from app.payments import Verdict
from app.referral import Reward
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def read(query):
    rows = [tuple(row) for row in db.session.execute(db.text(query))]
    db.session.rollback()
    return rows


def test_two_levels_earn_ten_and_five_per_cent(shop):
    anna = shop.member("anna@example.com")
    boris, clara = Person("boris@example.com"), Person("13800138000")
    shop.buy(boris, via=anna)
    assert shop.wallet(anna).held_fen == 1000
    shop.buy(clara, via=boris)
    assert shop.wallet(anna).held_fen == 1500
    assert shop.wallet(boris).held_fen == 1000


def test_a_third_level_earns_nothing(shop):
    people = [shop.member("p0@example.com")]
    for number in range(1, 4):
        people.append(Person(f"p{number}@example.com"))
        shop.buy(people[-1], via=people[-2])
    before = shop.wallet(people[0]).held_fen
    assert before == 1500
    assert shop.count("SELECT max(level) FROM commission") == 2


@pytest.mark.parametrize(
    ("price_fen", "l1", "l2"),
    [(1, 0, 0), (5, 0, 0), (9, 0, 0), (10, 1, 0), (19, 1, 0), (20, 2, 1), (99, 9, 4), (100, 10, 5), (999, 99, 49)]
    + [(1990, 199, 99), (9990, 999, 499), (9999, 999, 499), (10000, 1000, 500), (20000, 2000, 1000)],
)
def test_each_level_is_rounded_down(shop, price_fen, l1, l2):
    transaction(shop.product, "odd", price_fen=price_fen)
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(Person("clara@example.com"), via=boris, slug="odd")
    assert (share(price_fen, 1000), share(price_fen, 500)) == (l1, l2)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (l1, l2)


def three_lines(shop, tx, clara):
    """E3: three products in one order, and a discount of 500 fen spread over them. No page places such an order yet."""
    prices = [1999, 999, 1]
    parts = allocate(500, prices)
    order_id, number, secret = orders.open_order(
        tx,
        orders.NewOrder(
            contact=clara.contact,
            contact_index=read_contact(clara.contact).index,
            person_index=read_contact(clara.contact).person_index,
            address_index=b"a",
            device_hash=clara.device,
            account_id=None,
            idempotency_key=None,
            request_hash=b"h",
            currency="CNY",
            goods_fen=sum(prices),
            discount_fen=500,
            locale="zh_CN",
        ),
        minutes=15,
        now=shop.now,
    )
    for price_fen, discount_fen in zip(prices, parts, strict=True):
        product_id = shop.product(tx, f"p{price_fen}", price_fen=price_fen)
        sku_id = tx.exec_driver_sql(f"SELECT id FROM sku WHERE product_id = {product_id}").scalar_one()
        assert stock.reserve(tx, sku_id, 1, order_id)
        names = {"title": "教程", "sku_name": ""}
        bought = {"quantity": 1, "unit_price_fen": price_fen, "discount_fen": discount_fen}
        orders.add_line(tx, order_id, sku_id=sku_id, product_id=product_id, **names, **bought)
    referral.snapshot(tx, order_id, candidate_id=None, click_id=None, refusal=None)
    payment = {"channel_id": shop.channel_id, "method": "alipay", "amount_fen": sum(prices) - 500, "currency": "CNY"}
    return trade.Placed(number, secret, payments.open_payment(tx, order_id, **payment, now=shop.now))


def test_each_line_earns_on_what_is_really_paid_for_it(shop):
    """E3: 333, 167 and 0 off; the last line pays one fen, and its shares are nothing."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    clara = Person("clara@example.com")
    shop.buy(clara, via=boris)
    assert shop.pay(transaction(lambda tx: three_lines(shop, tx, clara))) is Verdict.ACCEPTED
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1000 + 249, 500 + 124)
    assert read(
        "SELECT base_fen, level, gross_fen FROM commission WHERE base_fen < 10000 ORDER BY base_fen DESC, level"
    ) == [
        (1666, 1, 166),
        (1666, 2, 83),
        (832, 1, 83),
        (832, 2, 41),
    ]
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'accrue'") == 2
    # One order is one order in the tally, whatever it holds.
    assert shop.count("SELECT sum(orders) FROM tally WHERE level = 1") == 2


@pytest.mark.parametrize("state", ["suspended", "banned"])
def test_who_may_not_earn_leaves_the_share_to_the_shop(shop, state):
    """Nobody moves up."""
    anna = shop.member("anna@example.com")
    boris, clara = shop.member("boris@example.com", via=anna), Person("clara@example.com")
    shop.buy(clara, via=boris)
    transaction(
        lambda tx: tx.execute(
            db.text("UPDATE node SET state = :state WHERE id = :id"), {"state": state, "id": shop.node(boris).id}
        )
    )
    shop.buy(clara)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1000, 500 + 500)


def test_a_row_keeps_the_rule_and_the_rate_that_made_it(shop):
    anna, clara = shop.member("anna@example.com"), Person("clara@example.com")
    shop.buy(clara, via=anna)
    transaction(referral.write_rates, "shop", 0, {1: Reward(800), 2: Reward(400)})
    shop.buy(clara)
    assert read("SELECT rule, rate_bps, base_fen, gross_fen, net_fen FROM commission ORDER BY id") == [
        ("default", 1000, 10000, 1000, 1000),
        ("shop", 800, 10000, 800, 800),
    ]


def test_it_is_held_until_the_products_own_days_are_over(shop):
    anna, clara = shop.member("anna@example.com"), Person("clara@example.com")
    transaction(shop.product, "course", hold_days=30)
    transaction(shop.product, "instant", hold_days=0)
    for slug in ("ps", "course", "instant"):
        shop.buy(clara, via=anna, slug=slug)
    waits = [(mature_at - shop.now) // DAY for (mature_at,) in read("SELECT mature_at FROM commission ORDER BY id")]
    assert waits == [7, 30, 0]


def test_a_product_without_commission_binds_and_earns_nothing(shop):
    anna, clara = shop.member("anna@example.com"), Person("clara@example.com")
    transaction(shop.product, "gift", commissionable=False)
    shop.buy(clara, via=anna, slug="gift")
    assert shop.count("SELECT count(*) FROM commission") == 0
    assert (shop.parent(clara), shop.node(clara).state) == (shop.node(anna).id, "qualified")
    shop.buy(clara)
    assert shop.wallet(anna).held_fen == 1000


def test_a_first_purchase_lets_share_and_earns_the_buyer_nothing(shop):
    """The buyer is qualified by the very order, after its arithmetic."""
    clara = Person("clara@example.com")
    shop.buy(clara)
    node = shop.node(clara)
    assert (node.state, node.first_paid_at, shop.wallet(clara).held_fen) == ("qualified", shop.now, 0)
    assert shop.count("SELECT source FROM node") == "first_purchase"
    code = referral.link_of_node(db.session, node.id)
    assert code
    shop.buy(clara, via=clara)
    assert referral.link_of_node(db.session, node.id) == code
    assert shop.count("SELECT count(*) FROM commission") == 0
