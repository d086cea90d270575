"""Who may decide: nobody in a matter of their own, and of two at once only one (distribution 1.12)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app import trade
from app.db import db, transaction
from app.errors import Refusal
from app.settlement import Overtaken
from app.trade import IsParty
from tests.shop import Person
from tests.trade.disputing import Case, judge, parts

pytestmark = pytest.mark.both_databases


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def boris(shop, anna):
    return shop.member("boris@example.com", via=anna)


def heard(shop, boris, person=None, **options):
    case = Case(shop, shop.buy(person or Person("clara@example.com"), via=boris, **options))
    case.answer()
    case.reply()
    return case


def test_who_spoke_for_the_shop_does_not_decide(shop, boris):
    iris = judge(shop)
    case = Case(shop, shop.buy(Person("clara@example.com"), via=boris))
    case.answer(f"account:{iris}")
    case.reply()
    with pytest.raises(IsParty):
        case.decide(iris, "seller")


@pytest.mark.parametrize("who", ["anna", "boris"])
def test_who_earns_on_the_order_does_not_decide(shop, boris, anna, who):
    """Neither the payee of the first level nor that of the second."""
    case = heard(shop, boris)
    with pytest.raises(IsParty):
        case.decide({"anna": anna, "boris": boris}[who].account_id, "seller")


def test_the_buyer_does_not_decide_with_an_account_or_as_a_guest(shop, boris):
    clara = shop.member("clara@example.com", joins=False)
    with pytest.raises(IsParty):
        heard(shop, boris, clara).decide(clara.account_id, "buyer")
    iris = judge(shop, "iris@example.com")
    with pytest.raises(IsParty):
        heard(shop, boris, Person("iris@example.com")).decide(iris, "buyer")


def test_who_decided_does_not_decide_the_appeal_if_there_is_another(shop, boris):
    iris = judge(shop)
    case = heard(shop, boris)
    case.decide(iris, "seller")
    case.appeal()
    ivan = judge(shop, "ivan@example.com")
    with pytest.raises(IsParty):
        case.decide(iris, "seller")
    case.decide(ivan, "buyer")
    assert case.row.decided_by == f"account:{ivan}"


def test_a_shop_with_one_arbitrator_can_end_an_appeal(shop, boris):
    iris = judge(shop)
    case = heard(shop, boris)
    case.decide(iris, "seller")
    case.appeal()
    case.decide(iris, "seller")
    assert case.row.state == "final"


@pytest.mark.parametrize(
    ("decision", "fen"), [("split", None), ("split", 0), ("split", 10001), ("adjust", 5), ("x", 5)]
)
def test_a_decision_has_to_make_sense(shop, boris, decision, fen):
    case = heard(shop, boris)
    with pytest.raises(Refusal):
        case.decide(judge(shop), decision, fen)
    assert case.row.state == "evidence"


def test_a_page_that_is_out_of_date_decides_nothing(shop, boris):
    iris, ivan = judge(shop), judge(shop, "ivan@example.com")
    case = heard(shop, boris)
    case.decide(iris, "seller")
    case.appeal()
    with pytest.raises(Overtaken):
        case.decide(ivan, "buyer", seen_state="evidence")


def test_two_arbitrators_at_once(shop, boris, app):
    judges = [judge(shop), judge(shop, "ivan@example.com")]
    case = heard(shop, boris)
    dispute_id, start = case.id, Barrier(2)

    def act(account_id, decision):
        with app.app_context():
            start.wait()
            try:
                transaction(
                    trade.decide_dispute,
                    dispute_id,
                    account_id=account_id,
                    seen_state="evidence",
                    decision=decision,
                    fen=None,
                    reason="Mine.",
                    now=shop.now,
                )
            except Overtaken as refusal:
                return refusal.status
            finally:
                db.session.remove()
            return decision

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(act, judges, ("buyer", "seller")))
    assert sorted(map(str, outcomes))[0] == "409"
    assert case.row.decision in outcomes
    assert [kind for _, kind in case.said()].count("decision") == 1


def test_two_sides_at_once_end_it_once(shop, boris, app):
    """The buyer takes the offer while the shop concedes: one of them moves money."""
    case = Case(shop, shop.buy(Person("clara@example.com"), via=boris))
    case.do(trade.offer, fen=3000, words="", actor="account:1")
    dispute_id, start = case.id, Barrier(2)

    def act(act, values):
        with app.app_context():
            start.wait()
            try:
                transaction(act, dispute_id, now=shop.now, **values)
            except Overtaken:
                return 0
            finally:
                db.session.remove()
            return 1

    acts = (trade.take_offer, trade.concede)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(act, acts, ({"seen_fen": 3000, "actor": "buyer"}, {"actor": "account:1"}))) == 1
    assert shop.count("SELECT count(*) FROM refund") == 1
    assert parts(shop, boris)[0] in (0, 700)
