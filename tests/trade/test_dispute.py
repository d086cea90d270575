"""A buyer's dispute from opening to the money: E9, R13, every way to end it (distribution 1.12)."""

import pytest

from app import trade
from app.db import transaction
from app.errors import Refusal
from app.settlement import AlreadyOpen, Overtaken
from tests.shop import Person
from tests.trade.disputing import Case, judge, parts

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sold(shop):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    return anna, boris, shop.buy(Person("clara@example.com"), via=boris)


@pytest.fixture
def iris(shop):
    return judge(shop)


def refunded(shop):
    return shop.count("SELECT coalesce(sum(amount_fen), 0) FROM refund WHERE state <> 'failed'")


def test_the_whole_of_e9(shop, sold, iris):
    """1000 held; disputed on day 3; T+7 passes; split 4000 on day 10: frozen throughout, 400 taken back, 600 available."""
    shop.pass_days(3)
    case = Case(shop, sold[2])
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    case.answer()
    case.pass_hours(72)
    shop.pass_days(4)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    case.decide(iris, "split", 4000)
    assert (case.row.state, refunded(shop)) == ("decided", 0), "money waits for the appeal"
    case.do(trade.accept_decision, side="opener", actor="buyer")
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    case.do(trade.accept_decision, side="shop", actor="account:1")
    assert (case.row.state, refunded(shop)) == ("final", 4000)
    assert parts(shop, sold[1]) == (0, 600, 0, 0)
    assert parts(shop, sold[0]) == (0, 300, 0, 0)


def test_opened_one_second_before_maturity_it_stays_frozen(shop, sold):
    """R13."""
    shop.pass_days(7, -1)
    Case(shop, sold[2])
    shop.pass_days(0, 1)
    shop.pass_days(20)
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)


def test_the_seller_wins_and_nobody_loses_a_day(shop, sold, iris):
    case = Case(shop, sold[2])
    case.answer()
    case.reply()
    case.decide(iris, "seller")
    case.pass_hours(72, -1)
    assert case.row.state == "decided"
    case.pass_hours(0, 1)
    assert (case.row.state, refunded(shop)) == ("final", 0)
    assert parts(shop, sold[1]) == (1000, 0, 0, 0), "the hold lasts as long as it always did"
    shop.pass_days(4)
    assert parts(shop, sold[1]) == (0, 1000, 0, 0)


def test_the_buyer_wins_and_the_commission_is_gone(shop, sold, iris):
    case = Case(shop, sold[2])
    case.answer()
    case.reply()
    case.decide(iris, "buyer")
    case.pass_hours(72)
    assert refunded(shop) == 10000
    assert parts(shop, sold[1]) == parts(shop, sold[0]) == (0, 0, 0, 0)


def test_a_shop_that_is_silent_loses_its_time_for_evidence(shop, sold, iris):
    case = Case(shop, sold[2])
    with pytest.raises(Overtaken):
        case.decide(iris, "buyer")
    case.pass_hours(72)
    assert case.row.state == "evidence"
    assert ("clock", "silence") in case.said()
    case.decide(iris, "buyer")
    assert case.row.state == "decided"


def test_the_clock_counts_even_if_no_worker_runs(shop, sold, iris):
    case = Case(shop, sold[2])
    shop.now += 72 * 3600
    case.decide(iris, "buyer", seen_state="evidence")
    shop.now += 72 * 3600
    with pytest.raises(Overtaken):
        case.appeal()
    case.pass_hours(0)
    assert (case.row.state, refunded(shop)) == ("final", 10000)


def test_both_sides_have_their_time_before_anybody_decides(shop, sold, iris):
    case = Case(shop, sold[2])
    case.answer()
    case.pass_hours(72, -1)
    with pytest.raises(Overtaken):
        case.decide(iris, "buyer")
    case.pass_hours(0, 1)
    case.decide(iris, "buyer")


@pytest.mark.parametrize("side", ["opener", "shop"])
def test_an_appeal_leads_to_another_decision_which_is_final(shop, sold, iris, side):
    case = Case(shop, sold[2])
    case.answer()
    case.reply()
    case.decide(iris, "seller")
    case.appeal(side)
    with pytest.raises(Overtaken):
        case.appeal("shop" if side == "opener" else "opener")
    case.pass_hours(200)
    assert case.row.state == "appeal", "an appeal waits until somebody decides it"
    case.decide(judge(shop, "ivan@example.com"), "split", 2500)
    assert (case.row.state, refunded(shop)) == ("final", 2500)
    assert parts(shop, sold[1])[1] == 750


def test_who_accepted_cannot_appeal(shop, sold, iris):
    case = Case(shop, sold[2])
    case.answer()
    case.reply()
    case.decide(iris, "seller")
    case.do(trade.accept_decision, side="opener", actor="buyer")
    with pytest.raises(Overtaken):
        case.appeal("opener")
    case.appeal("shop", "account:1")


def test_an_offer_that_is_taken_ends_it(shop, sold):
    case = Case(shop, sold[2])
    case.do(trade.offer, fen=2000, words="Half?", actor="account:1")
    case.do(trade.offer, fen=3000, words="More.", actor="account:1")
    with pytest.raises(Overtaken):
        case.do(trade.take_offer, seen_fen=2000, actor="buyer")
    case.do(trade.take_offer, seen_fen=3000, actor="buyer")
    assert (case.row.state, case.row.decision, refunded(shop)) == ("final", "split", 3000)
    assert parts(shop, sold[1]) == (700, 0, 0, 0)


def test_a_shop_that_concedes_ends_it(shop, sold):
    case = Case(shop, sold[2], wanted_fen=6000)
    case.do(trade.concede, actor="account:1")
    assert (case.row.state, case.row.decision, refunded(shop)) == ("final", "buyer", 6000)
    assert parts(shop, sold[1]) == (400, 0, 0, 0)
    with pytest.raises(Overtaken):
        case.do(trade.concede, actor="account:1")


def test_a_buyer_who_withdraws_leaves_everything_as_it_was(shop, sold):
    shop.pass_days(6)
    case = Case(shop, sold[2])
    shop.pass_days(2)
    case.do(trade.withdraw_claim, actor="buyer")
    assert parts(shop, sold[1]) == (0, 1000, 0, 0), "its hold was over meanwhile"
    with pytest.raises(Overtaken):
        case.reply()


def test_what_was_refunded_meanwhile_counts(shop, sold, iris):
    shop.refund(sold[2], 1000)
    case = Case(shop, sold[2], wanted_fen=9000)
    shop.refund(sold[2], 1500)
    case.answer()
    case.reply()
    case.decide(iris, "split", 4000)
    case.pass_hours(72)
    assert refunded(shop) == 1000 + 4000
    assert parts(shop, sold[1]) == (500, 0, 0, 0)


def test_what_the_provider_takes_back_meanwhile_counts(shop, sold, iris):
    case = Case(shop, sold[2])
    case.answer()
    case.reply()
    case.decide(iris, "buyer")
    refund_id = shop.refund(sold[2], 10000, way="provider", done=False)
    transaction(trade.settle_refund, refund_id, state="done", reference="CB-77", now=shop.now)
    case.pass_hours(72)
    assert (case.row.state, case.row.decided_by.partition(":")[0], refunded(shop)) == ("final", "account", 10000)
    assert shop.count("SELECT count(*) FROM refund") == 1
    assert parts(shop, sold[1]) == (0, 0, 0, 0)


def test_a_chargeback_waits_for_the_provider_however_long(shop, sold):
    values = {"claim": "Not authorised", "wanted_fen": 10000, "actor": "account:1", "now": shop.now}
    number = transaction(trade.report_chargeback, shop.order_id(sold[2]), **values)
    case = Case.of(shop, number)
    case.answer()
    case.pass_hours(60 * 24)
    assert case.row.state == "open"
    assert parts(shop, sold[1]) == (0, 0, 1000, 0)
    case.do(trade.record_outcome, fen=0, reference="won", actor="account:1")
    assert parts(shop, sold[1]) == (0, 1000, 0, 0)


def test_there_is_one_dispute_of_an_order_at_a_time(shop, sold):
    Case(shop, sold[2])
    with pytest.raises(AlreadyOpen):
        Case(shop, sold[2])


def test_what_is_decided_is_not_opened_again(shop, sold):
    Case(shop, sold[2], wanted_fen=1000).do(trade.concede, actor="account:1")
    with pytest.raises(Refusal, match="final"):
        Case(shop, sold[2], wanted_fen=1000)


@pytest.mark.parametrize("wanted_fen", [0, -1, 10001])
def test_nobody_asks_for_more_than_was_paid(shop, sold, wanted_fen):
    with pytest.raises(Refusal):
        Case(shop, sold[2], wanted_fen=wanted_fen)


def test_only_what_was_paid_is_disputed_and_not_for_ever(shop, sold):
    waiting = shop.place(Person("dora@example.com"))
    with pytest.raises(Refusal, match="not paid"):
        transaction(trade.complain, shop.order_id(waiting), claim="x", wanted_fen=1, actor="buyer", now=shop.now)
    shop.pass_days(180)
    with pytest.raises(Refusal, match="too old"):
        Case(shop, sold[2])


def test_the_shop_cannot_end_it_by_itself(shop, sold, iris):
    case = Case(shop, sold[2])
    for state in ("open", "decided"):
        assert case.row.state == state
        with pytest.raises(Refusal, match="arbitrator"):
            case.do(trade.record_outcome, fen=0, reference="x", actor="account:1")
        if state == "open":
            case.answer()
            case.reply()
            case.decide(iris, "buyer")
    assert (case.row.state, case.row.decision) == ("decided", "buyer")


def test_a_refund_from_before_that_fails_adds_nothing(shop, sold):
    refund_id = shop.refund(sold[2], 4000, way="gateway", done=False)
    case = Case(shop, sold[2], wanted_fen=2000)
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    case.do(trade.concede, actor="account:1")
    assert refunded(shop) == 2000
    assert shop.count("SELECT sum(refunded_fen) FROM order_line") == 2000
    assert shop.count("SELECT net_fen FROM commission WHERE level = 1") == 800
