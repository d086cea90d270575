"""Money from the queue: attached to an order by the same act as a callback, sent back, or noted; who did it is kept for good."""

import pytest
from sqlalchemy.exc import DBAPIError

from app import payments, trade
from app.db import db, transaction
from app.errors import Refusal
from app.payments import RefundAnswer, Verdict
from app.payments.gateways.sandbox import Sandbox
from tests.crowd import at_once
from tests.shop import ADDRESS, Person

pytestmark = pytest.mark.both_databases
CLARA, DAN = Person("clara@example.com"), Person("dan@example.com")
UNCLAIMED = "SELECT coalesce(-sum(amount_fen), 0) FROM posting WHERE account = 'liab:unclaimed'"
LILIS = {"actor": "account:1", "reason": "买家发来截图"}


@pytest.fixture
def stranded(shop):
    """Money for a payment that nobody knows of."""
    query = payments.sign_notice(
        shop.channel.settings, payment_number="OLD-1", trade_number="T-OLD", method="alipay", money="100.00"
    )
    assert shop.deliver(query) is Verdict.UNKNOWN
    return shop.count("SELECT id FROM stray")


def attach(shop, stray_id, number, **changes):
    told = LILIS | {"address": ADDRESS, "request_id": "r2", "now": shop.now} | changes
    return transaction(trade.attach, stray_id, number, **told)


def stray(shop):
    row = db.session.execute(db.text("SELECT state, order_id FROM stray")).one()
    db.session.rollback()
    return tuple(row)


def decisions(shop):
    rows = db.session.execute(db.text("SELECT kind, actor, reason FROM notice_decision ORDER BY id")).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


def test_it_pays_the_order_through_the_very_same_act(shop, stranded):
    anna = shop.member("anna@example.com")
    placed = shop.place(CLARA, via=anna)
    attach(shop, stranded, placed.number)
    assert (state(shop, placed), stray(shop)) == ("paid", ("attached", shop.order_id(placed)))
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert (shop.wallet(anna).held_fen, shop.count(UNCLAIMED)) == (1000, 0)
    assert decisions(shop) == [("attached", "account:1", "买家发来截图")]


def test_the_first_notice_stays_as_it_was_and_a_new_one_names_it(shop, stranded):
    kept = "SELECT verdict || reason || coalesce(payment_id, 0) FROM notice WHERE id = 1"
    was = shop.count(kept)
    attach(shop, stranded, shop.place(CLARA).number)
    assert shop.count(kept) == was
    told = "SELECT source || verdict || address || first_id FROM notice WHERE id = 2"
    assert shop.count(told) == f"handaccepted{ADDRESS}1"


def test_what_is_told_again_changes_nothing(shop, stranded):
    attach(shop, stranded, shop.place(CLARA).number)
    query = payments.sign_notice(
        shop.channel.settings, payment_number="OLD-1", trade_number="T-OLD", method="alipay", money="100.00"
    )
    assert shop.deliver(query) is Verdict.UNKNOWN
    assert (shop.count("SELECT count(*) FROM stray"), shop.count(UNCLAIMED)) == (1, 0)


@pytest.mark.parametrize("wrong", ["amount", "paid", "nothing", "attached", "sold out"])
def test_it_refuses_what_does_not_fit_and_changes_nothing(shop, stranded, wrong):
    placed = shop.place(CLARA, quantity=2 if wrong == "amount" else 1)
    number, kept = placed.number, 1
    if wrong == "paid":
        shop.pay(placed)
    elif wrong == "nothing":
        number = "NOSUCHORDER"
    elif wrong == "attached":
        attach(shop, stranded, shop.place(DAN, address="198.51.100.9").number)
        kept = 2
    elif wrong == "sold out":
        transaction(shop.product, "one", codes=1)
        number = shop.place(DAN, slug="one", address="198.51.100.9").number
        shop.now += 15 * 60
        transaction(trade.expire, shop.now)
        shop.buy(CLARA, slug="one", address="198.51.100.8")
    before = (stray(shop), shop.count("SELECT count(*) FROM notice"), shop.count("SELECT count(*) FROM journal"))
    with pytest.raises(Refusal) as refusal:
        attach(shop, stranded, number)
    assert refusal.value.field == "order"
    assert before == (
        stray(shop),
        shop.count("SELECT count(*) FROM notice"),
        shop.count("SELECT count(*) FROM journal"),
    )
    assert len(decisions(shop)) == kept - 1


def test_an_expired_order_is_taken_up_by_it(shop, stranded):
    placed = shop.place(CLARA)
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    attach(shop, stranded, placed.number)
    assert state(shop, placed) == "paid"


def test_a_late_payment_is_attached_to_its_own_payment(shop):
    transaction(shop.product, "one", codes=1)
    placed = shop.place(CLARA, slug="one")
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    other = shop.place(DAN, slug="one", address="198.51.100.9")
    assert shop.pay(placed, trade_number="T-1") is Verdict.LATE
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    attach(shop, shop.count("SELECT id FROM stray"), placed.number)
    assert (state(shop, placed), state(shop, other)) == ("paid", "expired")
    assert shop.count("SELECT count(*) FROM payment") == 2
    assert shop.pay(placed, trade_number="T-1") is Verdict.DUPLICATE


def test_it_is_attached_once_when_two_people_try(app, shop, stranded):
    numbers = [shop.place(CLARA).number, shop.place(DAN, address="198.51.100.9").number]
    outcomes = at_once(app, [lambda number=number: attach(shop, stranded, number) for number in numbers])
    assert sum(outcome is None for outcome in outcomes) == 1
    assert shop.count("SELECT count(*) FROM orders WHERE state = 'paid'") == 1


def test_a_refund_of_attached_money_names_what_the_provider_knows(shop, stranded, monkeypatch):
    placed, told = shop.place(CLARA), []
    attach(shop, stranded, placed.number)
    monkeypatch.setattr(
        Sandbox, "refund", lambda _self, _settings, wanted: told.append(wanted) or RefundAnswer("done", "R")
    )
    shop.refund(placed, 10000, way="gateway", done=False)
    assert trade.send_refunds(shop.now) == 1
    assert [(one.payment_number, one.trade_number) for one in told] == [("OLD-1", "T-OLD")]


@pytest.mark.parametrize("outcome", ["refunded", "closed"])
def test_it_leaves_the_queue_with_a_reason(shop, stranded, outcome):
    transaction(trade.close, stranded, outcome, **LILIS, now=shop.now)
    assert (stray(shop)[0], shop.count(UNCLAIMED)) == (outcome, 0)
    assert decisions(shop) == [(outcome, "account:1", "买家发来截图")]
    with pytest.raises(Refusal):
        transaction(trade.close, stranded, "closed", **LILIS, now=shop.now)
    with pytest.raises(Refusal):
        attach(shop, stranded, shop.place(CLARA).number)


def test_of_a_doubtful_return_somebody_says_how_it_went(shop, stranded, monkeypatch):
    monkeypatch.setattr(Sandbox, "refund", lambda *_: RefundAnswer("doubtful", reason="超时"))
    transaction(_give_back, stranded, shop.now)
    trade.send_returns(shop.now)
    assert (stray(shop)[0], shop.count(UNCLAIMED)) == ("doubtful", 10000)
    transaction(trade.close, stranded, "open", **LILIS, now=shop.now)
    assert [kind for kind, _, _ in decisions(shop)] == ["refunding", "doubtful", "open"]
    attach(shop, stranded, shop.place(CLARA).number)
    assert stray(shop)[0] == "attached"


def test_it_is_not_attached_while_it_is_on_its_way_back(shop, stranded):
    transaction(_give_back, stranded, shop.now)
    with pytest.raises(Refusal):
        attach(shop, stranded, shop.place(CLARA).number)
    with pytest.raises(Refusal):
        transaction(_give_back, stranded, shop.now)
    assert trade.send_returns(shop.now) == 1


def _give_back(tx, stray_id, now):
    trade.give_back(tx, payments.lock_stray(tx, stray_id), actor="account:1", reason="x", now=now)


@pytest.mark.parametrize("verb", ["UPDATE notice_decision SET reason = ''", "DELETE FROM notice_decision"])
def test_a_decision_is_never_changed(shop, stranded, verb):
    transaction(trade.close, stranded, "closed", **LILIS, now=shop.now)
    with pytest.raises(DBAPIError, match="append-only"):
        transaction(lambda tx: tx.exec_driver_sql(verb))


class TestReplay:
    def kept(self, notice_id):
        found = db.session.get(payments.KeptNotice, notice_id)
        db.session.expunge(found)
        db.session.rollback()
        return found

    def replay(self, shop, notice_id=1):
        return trade.replay(shop.channel, self.kept(notice_id), shop.now, **LILIS)

    def test_it_goes_by_the_normal_path_and_is_kept_anew(self, shop):
        shop.buy(CLARA)
        assert self.replay(shop) is Verdict.DUPLICATE
        assert shop.count("SELECT source || verdict || first_id FROM notice WHERE id = 2") == "replayduplicate1"
        assert decisions(shop) == [("replayed", "account:1", "买家发来截图")]

    def test_what_was_forged_stays_forged(self, shop):
        query = shop.notice(shop.place(CLARA))
        assert shop.deliver(query[:-1] + ("0" if query[-1] != "0" else "1")) is not Verdict.ACCEPTED
        assert self.replay(shop).is_refused
        assert shop.count("SELECT state FROM orders") == "pending"

    def test_late_money_is_delivered_by_it_when_there_are_goods_again(self, shop):
        transaction(shop.product, "one", codes=1)
        placed = shop.place(CLARA, slug="one")
        shop.now += 15 * 60
        transaction(trade.expire, shop.now)
        other = shop.place(DAN, slug="one", address="198.51.100.9")
        shop.pay(placed)
        assert self.replay(shop) is Verdict.LATE
        shop.now += 15 * 60
        transaction(trade.expire, shop.now)
        assert self.replay(shop) is Verdict.ACCEPTED
        assert (state(shop, placed), state(shop, other), stray(shop)[0]) == ("paid", "expired", "attached")

    def test_what_the_shop_said_itself_is_no_notice(self, shop, stranded):
        attach(shop, stranded, shop.place(CLARA).number)
        with pytest.raises(Refusal):
            self.replay(shop, 2)
