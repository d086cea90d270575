"""Who came through whom: one open upline each, and never a circle."""

import pytest
from sqlalchemy.exc import IntegrityError

from app import referral
from app.db import db, transaction
from app.payments import Verdict
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def chain(shop):
    """Nine members, each through the one before."""
    people = [shop.member("p0@example.com")]
    for number in range(1, 9):
        people.append(shop.member(f"p{number}@example.com", via=people[-1]))
    return people


def bind(shop, child, parent):
    return transaction(referral.bind, shop.node(child).id, shop.node(parent).id, "test", shop.now)


def close(shop, child):
    return transaction(referral.close_edge, shop.node(child).id, "released", shop.now)


@pytest.mark.parametrize("below", range(9))
def test_it_closes_no_circle_at_any_depth(shop, chain, below):
    """R04: not with oneself, not with two, not with nine."""
    assert bind(shop, chain[0], chain[below]) is False
    assert shop.parent(chain[0]) is None
    assert shop.count("SELECT count(*) FROM edge WHERE valid_to IS NULL") == 8


def test_it_closes_no_circle_through_a_moved_branch(shop, chain):
    """R04: A→B→C→A, with the middle moved first."""
    close(shop, chain[4])
    assert bind(shop, chain[0], chain[8]) is True
    assert bind(shop, chain[4], chain[3]) is False
    assert shop.parent(chain[4]) is None


def test_two_who_refer_each_other_are_bound_once(app, shop):
    """R04: at once, on both databases."""
    anna, boris = shop.member("anna@example.com"), shop.member("boris@example.com")
    ids = [shop.node(person).id for person in (anna, boris)]
    acts = [lambda pair=pair: transaction(referral.bind, *pair, "test", shop.now) for pair in (ids, ids[::-1])] * 8
    assert sum(at_once(app, acts)) == 1


def test_a_ring_that_closes_at_once_stays_open_somewhere(app, shop):
    """R04."""
    ids = [shop.node(shop.member(f"p{number}@example.com")).id for number in range(8)]
    acts = [lambda n=n: transaction(referral.bind, ids[n], ids[(n + 1) % 8], "test", shop.now) for n in range(8)]
    assert sorted(at_once(app, acts)) == [False] + [True] * 7


def test_it_keeps_one_open_upline(shop, chain):
    other = shop.member("other@example.com")
    assert bind(shop, chain[3], other) is False
    assert shop.parent(chain[3]) == shop.node(chain[2]).id
    assert close(shop, chain[3]) is True
    assert close(shop, chain[3]) is False
    assert bind(shop, chain[3], other) is True
    assert shop.parent(chain[3]) == shop.node(other).id
    history = "SELECT count(*) FROM edge WHERE child_id = :id"
    assert shop.count(history, id=shop.node(chain[3]).id) == 2


@pytest.mark.parametrize(
    "values", [":child, :other, 'x', 2, 1", ":child, :child, 'x', 2, 1"], ids=["a second upline", "oneself"]
)
def test_the_database_itself_refuses(shop, chain, values):
    ids = {"child": shop.node(chain[3]).id, "other": shop.node(chain[0]).id}
    ids = {name: id for name, id in ids.items() if f":{name}" in values}
    statement = db.text(f"INSERT INTO edge (child_id, parent_id, source, sequence, valid_from) VALUES ({values})")
    with pytest.raises(IntegrityError):
        transaction(lambda tx: tx.execute(statement, ids))


def test_twenty_first_payments_of_one_buyer_bind_once(app, shop):
    """R05: one new buyer with two invite cookies; whoever wins earns on all of it, and nobody else does."""
    anna, boris = shop.member("anna@example.com"), shop.member("boris@example.com")
    clara, channel = Person("clara@example.com"), shop.channel
    transaction(shop.product, "many", codes=40)
    queries = []
    for number in range(20):
        shop.now += 1
        # Three unpaid orders at a time are all that one buyer may have: the callbacks of these are still on their way.
        placed = place_beyond_the_limit(shop, clara, via=(anna, boris)[number % 2], number=number)
        queries.append(shop.notice(placed))
    verdicts = at_once(app, [lambda query=query: shop.deliver(query, channel) for query in queries])
    assert verdicts == [Verdict.ACCEPTED] * 20
    assert shop.count("SELECT count(*) FROM edge") == 1
    winner, loser = (anna, boris) if shop.parent(clara) == shop.node(anna).id else (boris, anna)
    assert (shop.wallet(winner).held_fen, shop.wallet(loser).held_fen) == (20 * 1000, 0)
    assert shop.count("SELECT count(*) FROM accrual_pending") == 0


def place_beyond_the_limit(shop, person, *, via, number):
    from app import shop as shop_room

    transaction(shop_room.change_settings, unpaid_per_contact=50, unpaid_per_address=50)
    return shop.place(person, via=via, slug="many", address=f"198.51.100.{number}")


def test_the_first_upline_stays_whatever_link_is_opened_later(shop):
    anna, boris, clara = shop.member("anna@example.com"), shop.member("boris@example.com"), Person("clara@example.com")
    shop.buy(clara, via=anna)
    shop.buy(clara, via=boris)
    assert (shop.wallet(anna).held_fen, shop.wallet(boris).held_fen) == (2000, 0)


def test_who_paid_before_without_a_link_is_not_bound_by_one_later(shop):
    anna, clara = shop.member("anna@example.com"), Person("clara@example.com")
    shop.buy(clara)
    shop.buy(clara, via=anna)
    assert (shop.parent(clara), shop.wallet(anna).held_fen) == (None, 0)
    assert shop.count("SELECT refusal FROM attribution ORDER BY order_id DESC LIMIT 1") == "paid_before"
