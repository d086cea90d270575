"""A buyer disputes a payment at the provider: the shop's dispute is opened once, and the commission waits for it."""

from collections import Counter

import pytest

from app import payments, trade
from app.db import transaction
from app.payments import Verdict
from tests.crowd import at_once
from tests.trade.disputing import Case, parts

pytestmark = pytest.mark.both_databases
DISPUTES = "SELECT count(*) FROM dispute"


@pytest.fixture
def disputed(intent, provider):
    return provider.dispute(intent, 10000)


def test_it_opens_a_dispute_and_freezes_the_commission(shop, disputed, tell, anna):
    assert tell(disputed) is Verdict.ACCEPTED
    case = Case.of(shop, shop.count("SELECT number FROM dispute"))
    assert (case.row.kind, case.row.wanted_fen, case.row.state, case.row.due_at) == ("provider", 10000, "open", None)
    assert case.row.claim == f"Stripe {disputed['data']['object']['id']}: fraudulent"
    assert case.said() == [("provider", "opened")]
    assert parts(shop, anna)[:3] == (0, 0, 1000)
    assert shop.count("SELECT reason FROM notice ORDER BY id DESC LIMIT 1") == f"dispute {case.number}"


def test_it_is_opened_once_however_often_it_is_told(shop, disputed, tell):
    assert [tell(disputed) for _ in range(4)] == [Verdict.ACCEPTED] + [Verdict.DUPLICATE] * 3
    case = Case.of(shop, shop.count("SELECT number FROM dispute"))
    case.do(trade.record_outcome, fen=0, reference=None, actor="account:1")
    # Its end does not let an event that comes again open it anew.
    assert tell(disputed) is Verdict.DUPLICATE
    assert (shop.count(DISPUTES), shop.count("SELECT count(*) FROM chargeback")) == (1, 1)


def test_told_many_times_at_once_it_is_one(app, shop, disputed, tell):
    verdicts = Counter(at_once(app, [lambda: tell(disputed)] * 8))
    # Who lost a race inside of the database is told to come again, as a provider does.
    assert set(verdicts) <= {Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.FAILED}
    assert (verdicts[Verdict.ACCEPTED], shop.count(DISPUTES)) == (1, 1)


def test_a_part_is_disputed_and_never_more_than_is_left(shop, placed, intent, provider, tell):
    shop.refund(placed, 4000)
    assert tell(provider.dispute(intent, 10000)) is Verdict.ACCEPTED
    assert shop.count("SELECT wanted_fen FROM dispute") == 6000
    assert shop.count("SELECT amount_fen FROM chargeback") == 10000


def test_less_than_the_order_may_be_disputed(shop, intent, provider, tell):
    assert tell(provider.dispute(intent, 2500)) is Verdict.ACCEPTED
    assert shop.count("SELECT wanted_fen FROM dispute") == 2500


@pytest.mark.parametrize("how", ["refunded", "disputed here"])
def test_where_nothing_can_be_opened_the_merchant_looks(shop, placed, disputed, tell, how):
    if how == "refunded":
        shop.refund(placed, 10000)
    else:
        Case(shop, placed)
    before = shop.count(DISPUTES)
    assert tell(disputed) is Verdict.REFUND_UNFIT
    assert (shop.count(DISPUTES), shop.count("SELECT count(*) FROM chargeback")) == (before, 0)
    assert shop.count("SELECT count(*) FROM stray WHERE state = 'open'") == 1


def test_it_can_be_judged_again_when_the_way_is_free(shop, placed, disputed, tell):
    case = Case(shop, placed)
    tell(disputed)
    case.do(trade.withdraw_claim, actor="buyer")
    assert tell(disputed) is Verdict.ACCEPTED
    assert shop.count(DISPUTES) == 2


def test_a_transfer_that_nobody_knows_waits_for_the_merchant(shop, placed, provider, tell):
    provider.pay(placed.payment_number)
    unknown = provider.session_of(placed.payment_number)["payment_intent"]
    event = provider.dispute(unknown, 10000)
    assert tell(event) is Verdict.UNKNOWN
    assert tell(event | {"data": {"object": event["data"]["object"] | {"payment_intent": None}}}) is Verdict.UNKNOWN
    assert (shop.count(DISPUTES), shop.count("SELECT max(amount_fen) FROM stray")) == (0, 10000)
    # Each is a matter of its own, and neither is the transfer itself, which may come yet.
    assert tell(provider.event("refund.created", provider.refund(unknown, 4000))) is Verdict.UNKNOWN
    assert (
        tell(provider.event("checkout.session.completed", provider.session_of(placed.payment_number)))
        is Verdict.ACCEPTED
    )
    assert shop.count("SELECT count(*) FROM stray WHERE state = 'open' AND trade_number IS NULL") == 3


def test_money_that_no_order_took_is_not_taken_for_the_orders(shop, placed, intent, provider, tell):
    session = provider.session_of(placed.payment_number) | {"payment_intent": "pi_second"}
    provider.sessions["cs_test_second"] = session | {"client_reference_id": "other"}
    assert tell(provider.event("checkout.session.completed", session)) is Verdict.DOUBLE_PAID
    assert tell(provider.dispute("pi_second", 10000)) is Verdict.REFUND_UNFIT
    assert shop.count("SELECT state FROM stray WHERE is_booked") == "open"
    assert shop.count(DISPUTES) == 0


@pytest.mark.parametrize("changes", [{"livemode": True}, {"account": "acct_other"}, {"type": "charge.dispute.closed"}])
def test_another_merchants_and_another_kind_open_nothing(shop, disputed, tell, changes):
    assert tell(disputed | changes) in (Verdict.FOREIGN, Verdict.NOT_PAID)
    assert shop.count(DISPUTES) == 0


def test_the_same_number_at_another_account_is_another_dispute(shop, disputed, account, tell):
    values = {"gateway": "stripe", "name": "Other", "settings": account.settings, "enabled": True}
    other_id = transaction(payments.create_channel, slug="other", **values, now=shop.now)
    payment_id = shop.count("SELECT id FROM payment")
    told = {"payment_id": payment_id, "amount_fen": 1, "now": shop.now}
    number = disputed["data"]["object"]["id"]
    assert [transaction(payments.keep_chargeback, other_id, number, **told) for _ in range(2)] == [True, False]
    assert tell(disputed) is Verdict.ACCEPTED
