"""/admin/nodes/…/downlines and …/commissions: two levels, page by page, and every row of what somebody earned."""

import re
from html import unescape

import pytest

from app import referral, trade
from app import shop as shop_room
from app.db import db, transaction
from tests.settlement import test_plans
from tests.shop import Person
from tests.test_query_counts import cost, counted

MOST = 10
FILTERS = ("held", "partial", "available", "frozen", "reversed")


@pytest.fixture
def anna(shop):
    transaction(shop_room.change_settings, self_bps=0)
    transaction(shop.product, "many", codes=30)
    return shop.member("a@example.com")


def grow(shop, upper, first, last):
    """One more of each level for every number; whoever stands second bought once."""
    grown = []
    for number in range(first, last):
        friend, guest = shop.member(f"f{number}@example.com", via=upper), Person(f"g{number}@example.com")
        shop.buy(guest, via=friend, slug="many", address=f"10.1.{number}.1")
        grown.append((friend, guest))
    transaction(referral.roll_up)
    return grown


def walk(visitor, path):
    """What stands in the first column of all pages, in order."""
    seen = []
    while path:
        rows = visitor.get(path).text.split('id="rows"', 1)[1]
        seen += re.findall(r'<th scope="row">.*?<code>(\w+)</code>', rows)
        following = re.search(r'class="more"><a[^>]*href="([^"]+)"', rows)
        path = unescape(following[1]) if following else None
    return seen


def test_two_levels_page_by_page_at_the_same_cost(olga, shop, anna):
    person = f"/admin/nodes/{shop.node(anna).pid}"
    walked = ["/admin/nodes", "/admin/nodes?sort=sales&state=qualified"]
    walked += [f"{person}/downlines?level={level}" for level in (1, 2)] + [f"{person}/commissions"]
    pairs = grow(shop, anna, 0, 2)
    few = [cost(olga, path)[0] for path in walked]
    pairs += grow(shop, anna, 2, 23)
    many = [cost(olga, path)[0] for path in walked]
    assert dict(zip(walked, many, strict=True)) == dict(zip(walked, few, strict=True))
    assert {path: number for path, number in zip(walked, many, strict=True) if number > MOST} == {}
    first, second = ([shop.node(one).pid for one in level] for level in zip(*reversed(pairs), strict=True))
    assert walk(olga, f"{person}/downlines") == first
    assert walk(olga, f"{person}/downlines?level=2") == second
    assert len(walk(olga, f"{person}/commissions")) == 23
    assert f"{person}/downlines" in olga.get(person).text


@pytest.mark.both_databases
def test_nobody_of_a_third_level_and_what_each_earned(olga, shop, anna):
    [(friend, guest)] = grow(shop, anna, 0, 1)
    shop.buy(friend)
    shop.buy(friend)
    pid, page = shop.node(guest).pid, f"/admin/nodes/{shop.node(anna).pid}/downlines"
    third = shop.member("third@example.com", via=shop.member("second@example.com", via=friend))
    first, second = (olga.get(f"{page}?level={level}").text for level in (1, 2))
    assert shop.node(third).pid not in first + second
    ids = [shop.node(anna).id]
    [one] = referral.list_below(db.session, ids, 1)[0]
    assert (one.orders, one.earned_fen, one.has_below) == (2, 2000, True)
    below = referral.list_below(db.session, ids, 2)[0]
    assert [(two.node.pid, two.earned_fen, two.through_pid) for two in below][-1] == (pid, 500, shop.node(friend).pid)
    assert len(below) == 2


@pytest.mark.both_databases
def test_each_row_stands_in_one_state(olga, shop, anna):
    clara = shop.member("c@example.com", via=anna)
    orders = [shop.buy(clara) for _ in range(5)]
    shop.refund(orders[0], 10000)
    shop.refund(orders[1], 5000)
    shop.pass_days(8)
    orders.append(shop.buy(clara))
    transaction(trade.complain, shop.order_id(orders[2]), claim="x", wanted_fen=1, actor="buyer", now=shop.now)
    ids, page = [shop.node(anna).id], f"/admin/nodes/{shop.node(anna).pid}/commissions"
    found = {
        state: [one.order_id for one in referral.list_earned(db.session, ids, state=state)[0]] for state in FILTERS
    }
    expected = {"held": [5], "partial": [], "available": [4, 3, 1], "frozen": [2], "reversed": [0]}
    assert found == {state: [shop.order_id(orders[at]) for at in rows] for state, rows in expected.items()}
    for state in FILTERS:
        assert walk(olga, f"{page}?state={state}") == [orders[at].number for at in expected[state]]
    text = olga.get(page).text
    assert ("教程 ps" in text, "10%" in text, f"/admin/orders/{orders[3].number}#commission" in text) == (True,) * 3
    assert olga.get(f"{page}?state=odd&before=odd").status_code == 200


def test_no_list_of_a_person_reads_a_growing_table_whole(shop, anna):
    grow(shop, anna, 0, 1)
    ids, session = [shop.node(anna).id], db.session
    with counted(parameters=True) as statements:
        for level in (1, 2):
            referral.list_below(session, ids, level, before=(99, 99))
        for state in (None, *FILTERS):
            referral.list_earned(session, ids, state=state, before=99)
    session.rollback()
    assert len(statements) > 9
    assert test_plans.scanned(statements) == []
