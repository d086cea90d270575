"""/admin/claims: what distributors claim in one list, by clock and by state, with the move that came of it."""

import re
from html import unescape

import pytest

from app import referral, settlement
from app import shop as shop_room
from app.db import db, transaction
from tests import journey
from tests.admin.conftest import PASSWORD
from tests.settlement import test_plans
from tests.shop import Person
from tests.test_query_counts import cost, counted
from tests.trade.disputing import Case, judge
from tests.trade.test_claim_commission import claim
from tests.trade.test_rebind import granted
from tests.visitor import Visitor

LIST = "/admin/claims"


def listed(visitor, path=LIST):
    """The numbers in the rows of all pages, in order."""
    seen = []
    while path:
        rows = visitor.get(path).text.split('id="rows"', 1)[1]
        seen += re.findall(r"/admin/disputes/(\w+)", rows)
        following = re.search(r'class="more"><a[^>]*href="([^"]+)"', rows)
        path = unescape(following[1]) if following else None
    return seen


def test_one_list_from_the_claim_to_the_move(app, olga, shop):
    transaction(shop_room.change_settings, self_bps=0)
    boris, dora, clara = shop.member("boris@example.com"), shop.member("dora@example.com"), Person("c@example.com")
    first = shop.buy(clara, via=boris)
    won = granted(shop, dora, first)
    open_one = claim(shop, boris, words="Somebody whose order I do not know.").number
    refused = granted(shop, boris, shop.buy(Person("d@example.com")), decision="refused", fen=None)
    Case(shop, shop.buy(Person("e@example.com")))
    pid, page = shop.node(dora).pid, olga.get(f"{LIST}?state=all").text
    assert listed(olga) == [open_one]
    assert listed(olga, f"{LIST}?state=all") == [refused, open_one, won]
    assert listed(olga, f"{LIST}?state=final") == [refused, won]
    assert listed(olga, f"{LIST}?state=all&person={pid}") == [won]
    assert listed(olga, f"{LIST}?person={pid}") == listed(olga, f"{LIST}?state=odd&person={pid}&before=odd")[1:] == []
    assert listed(olga, f"{LIST}?q={won.lower()}") == listed(olga, f"{LIST}?q={first.number}") == [won]
    assert listed(olga, f"{LIST}?q={won}&person={shop.node(boris).pid}") == listed(olga, f"{LIST}?q=NOTHING") == []
    assert olga.get(f"{LIST}?person=NOBODY").status_code == 404
    assert f"{LIST}?person={pid}&amp;state=all" in olga.get(f"/admin/nodes/{pid}").text
    assert f"/admin/nodes/{pid}" in olga.get(f"/admin/disputes/{won}").text
    move = unescape(re.search(r'href="(/admin/nodes/\w+/rebinds\?case=\w+)"', page)[1])
    assert f'value="{won}"' in olga.get(move).text
    form = {"case_number": won, "reason": "granted"}
    assert olga.post(move.partition("?")[0], form).status_code == 303
    assert move.partition("?")[0] in olga.get(LIST).text
    assert "?case=" not in olga.get(f"{LIST}?state=all").text
    judge(shop, "iris@example.com")
    iris = journey.log_in(Visitor(app), "iris@example.com", PASSWORD)
    assert (refused in iris.get("/arbitration?all=1&claims=1").text, iris.get(LIST).status_code) == (True, 403)


def test_every_page_at_the_same_cost(olga, shop):
    boris, walked = shop.member("boris@example.com"), [LIST, f"{LIST}?state=all"]
    numbers = [claim(shop, shop.member(f"{n}@example.com"), words="x").number for n in range(2)]
    person = f"{LIST}?state=all&person={shop.node(boris).pid}"
    few = [cost(olga, path)[0] for path in walked]
    numbers += [claim(shop, shop.member(f"{n}@example.com"), words="x").number for n in range(2, 23)]
    assert [cost(olga, path)[0] for path in walked] == few
    assert max(*few, cost(olga, person)[0]) <= 10
    assert listed(olga) == numbers
    assert listed(olga, f"{LIST}?state=all") == numbers[::-1]


@pytest.mark.parametrize("whose", [None, [1]])
def test_no_list_of_claims_reads_a_growing_table_whole(shop, monkeypatch, whose):
    monkeypatch.setattr(test_plans, "GROWING", ("dispute", "rebind", "node", "orders"))
    claim(shop, shop.member("boris@example.com"), words="x")
    session, told = db.session, {"kind": "distributor", "node_ids": whose}
    with counted(parameters=True) as statements:
        settlement.list_by_clock(session, after=1, **told)
        for states in ((), ("final",)):
            settlement.list_disputes(session, states=states, before=99, **told)
        referral.rebinds_of_cases(session, ["X"])
        referral.persons_of(session, [1])
        referral.waiting_rebinds(session, 20)
    session.rollback()
    assert len(statements) == 6
    assert [row for row in test_plans.scanned(statements) if "USING INDEX uq_rebind_child" not in row[0]] == []
