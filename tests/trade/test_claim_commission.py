"""A distributor claims that an order was not counted: found, adjusted or refused (distribution 1.3.17)."""

import pytest

from app import trade
from app.db import transaction
from app.errors import Refusal
from app.trade import IsParty
from tests.shop import Person
from tests.trade.disputing import Case, judge, parts

pytestmark = pytest.mark.both_databases


@pytest.fixture
def boris(shop):
    return shop.member("boris@example.com", via=shop.member("anna@example.com"))


def claim(shop, person, order_number=None, words="I sent Clara the link."):
    number = transaction(
        trade.claim_commission,
        shop.node(person).id,
        order_number=order_number,
        claim=words,
        actor="distributor",
        now=shop.now,
    )
    return Case.of(shop, number)


def test_an_order_that_was_not_counted_is_adjusted(shop, boris):
    """1.3.17: the remedy is an entry of its own, beside the commission of the one who was counted."""
    placed = shop.buy(Person("clara@example.com"), via=boris)
    dora = shop.member("dora@example.com")
    case = claim(shop, dora, placed.number)
    assert parts(shop, boris) == (0, 0, 1000, 0)
    case.answer()
    case.reply()
    iris = judge(shop)
    for fen in (None, 0, 3001):
        with pytest.raises(Refusal):
            case.decide(iris, "adjust", fen)
    case.decide(iris, "adjust", 1000)
    assert parts(shop, dora) == (0, 0, 0, 0)
    case.pass_hours(72)
    assert case.row.state == "final"
    assert parts(shop, dora) == (0, 1000, 0, 0)
    assert parts(shop, boris) == (1000, 0, 0, 0)
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'adjust'") == 1
    assert shop.count("SELECT count(*) FROM refund") == 0


def test_a_claim_that_is_refused_changes_nothing(shop, boris):
    placed = shop.buy(Person("clara@example.com"), via=boris)
    dora = shop.member("dora@example.com")
    case = claim(shop, dora, placed.number)
    case.pass_hours(72)
    case.decide(judge(shop), "refused")
    case.pass_hours(72)
    assert parts(shop, dora) == (0, 0, 0, 0)
    assert parts(shop, boris) == (1000, 0, 0, 0)
    with pytest.raises(Refusal, match="final"):
        claim(shop, dora, placed.number)


def test_a_claim_without_a_number_waits_until_somebody_finds_the_order(shop, boris):
    placed = shop.buy(Person("clara@example.com"), via=boris)
    case = claim(shop, shop.member("dora@example.com"))
    case.pass_hours(72)
    iris = judge(shop)
    with pytest.raises(Refusal, match="Which order"):
        case.decide(iris, "adjust", 500)
    with pytest.raises(IsParty):
        case.decide(boris.account_id, "adjust", 500, order_number=placed.number)
    case.decide(iris, "adjust", 500, order_number=placed.number)
    assert parts(shop, boris) == (0, 0, 1000, 0)
    case.pass_hours(72)
    assert parts(shop, boris) == (1000, 0, 0, 0)


def test_nobody_claims_an_order_that_was_counted_or_bought_by_themselves(shop, boris):
    placed = shop.buy(Person("clara@example.com"), via=boris)
    with pytest.raises(Refusal, match="counted"):
        claim(shop, boris, placed.number)
    dora = shop.member("dora@example.com")
    with pytest.raises(Refusal, match="Your own"):
        claim(shop, dora, shop.buy(Person("dora@example.com")).number)
    with pytest.raises(Refusal, match="no paid order"):
        claim(shop, dora, shop.place(Person("clara@example.com")).number)
    shop.pass_days(30)
    with pytest.raises(Refusal, match="no paid order"):
        claim(shop, dora, placed.number)


def test_claims_do_not_stand_in_the_buyers_way_and_are_few(shop, boris):
    placed = shop.buy(Person("clara@example.com"), via=boris)
    dora = shop.member("dora@example.com")
    claim(shop, dora, placed.number)
    Case(shop, placed)
    with pytest.raises(Refusal, match="open already"):
        claim(shop, dora, placed.number)
    for _ in range(4):
        claim(shop, dora)
    with pytest.raises(Refusal, match="5 of your claims"):
        claim(shop, dora)


def test_the_claimant_does_not_decide(shop, boris):
    placed = shop.buy(Person("clara@example.com"), via=boris)
    dora = shop.member("dora@example.com")
    case = claim(shop, dora, placed.number)
    case.pass_hours(72)
    with pytest.raises(IsParty):
        case.decide(dora.account_id, "adjust", 500)


def test_the_shop_cannot_settle_a_claim_alone(shop, boris):
    """An adjustment needs two persons (J9)."""
    case = claim(shop, shop.member("dora@example.com"), shop.buy(Person("clara@example.com"), via=boris).number)
    for act, values in ((trade.concede, {}), (trade.offer, {"fen": 100, "words": ""})):
        with pytest.raises(Refusal, match="Only an arbitrator"):
            case.do(act, actor="account:1", **values)
