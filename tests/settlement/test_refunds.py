"""Refunds: by cumulative target, before and after release, into debt, and back when they fail (E4, E6, E7, R08, R09)."""

import pytest

from app import shop as shop_room
from app import trade
from app.db import transaction
from app.errors import Refusal
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def pair(shop):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    return anna, boris


def nets(shop):
    return [shop.count("SELECT net_fen FROM commission WHERE level = :level", level=level) for level in (1, 2)]


def test_three_thirds_end_where_one_whole_does(shop, pair):
    """E4: 9999 refunded 3333 three times."""
    transaction(shop.product, "odd", price_fen=9999)
    placed = shop.buy(Person("clara@example.com"), via=pair[1], slug="odd")
    assert nets(shop) == [999, 499]
    seen = []
    for _ in range(3):
        shop.refund(placed, 3333)
        seen.append(nets(shop))
    assert seen == [[666, 333], [333, 166], [0, 0]]
    assert shop.wallet(pair[0]).held_fen == shop.wallet(pair[1]).held_fen == 0


def test_seven_parts_then_the_rest_leave_nothing(shop, pair):
    """R08."""
    transaction(shop.product, "odd", price_fen=9999)
    placed = shop.buy(Person("clara@example.com"), via=pair[1], slug="odd")
    for _ in range(7):
        shop.refund(placed, 1001)
    shop.refund(placed, 9999 - 7007)
    assert nets(shop) == [0, 0]
    assert shop.count("SELECT sum(amount_fen) FROM posting WHERE account = 'exp:commission'") == 0


def test_after_release_it_comes_out_of_what_is_available(shop, pair):
    """E6."""
    placed = shop.buy(Person("clara@example.com"), via=pair[1])
    shop.pass_days(7)
    shop.refund(placed, 10000)
    wallet = shop.wallet(pair[1])
    assert (wallet.available_fen, wallet.debt_fen, wallet.held_fen) == (0, 0, 0)


def test_more_than_was_paid_is_refused(shop, pair):
    placed = shop.buy(Person("clara@example.com"), via=pair[1])
    shop.refund(placed, 6000)
    for fen in (4001, 0, -1):
        with pytest.raises(Refusal):
            shop.refund(placed, fen)
    assert nets(shop) == [400, 200]


def test_an_unpaid_order_is_not_refunded(shop):
    placed = shop.place(Person("clara@example.com"))
    with pytest.raises(Refusal):
        shop.refund(placed, 1)


def test_a_failed_refund_leaves_everything_as_it_was(shop, pair):
    placed = shop.buy(Person("clara@example.com"), via=pair[1])
    refund_id = shop.refund(placed, 4000, done=False)
    assert nets(shop) == [600, 300]
    assert transaction(trade.settle_refund, refund_id, state="failed", reason="no", now=shop.now)
    assert nets(shop) == [1000, 500]
    assert shop.wallet(pair[1]).held_fen == 1000
    assert shop.count("SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = 'contra:refund'") == 0
    assert not transaction(trade.settle_refund, refund_id, state="done", reference="R", now=shop.now)
    shop.pass_days(7)
    assert shop.wallet(pair[1]).available_fen == 1000


def test_a_refund_that_fails_after_release_gives_available_money_back(shop, pair):
    placed = shop.buy(Person("clara@example.com"), via=pair[1])
    shop.pass_days(7)
    refund_id = shop.refund(placed, 10000, done=False)
    assert shop.wallet(pair[1]).available_fen == 0
    transaction(trade.settle_refund, refund_id, state="doubtful", reason="silence", now=shop.now)
    transaction(trade.settle_refund, refund_id, state="failed", reason="no", now=shop.now)
    assert shop.wallet(pair[1]).available_fen == 1000


def test_one_of_two_fails_and_the_other_stands(shop, pair):
    transaction(shop.product, "odd", price_fen=999)
    placed = shop.buy(Person("clara@example.com"), via=pair[1], slug="odd")
    first, second = shop.refund(placed, 95, done=False), shop.refund(placed, 333, done=False)
    transaction(trade.settle_refund, first, state="failed", reason="no", now=shop.now)
    assert nets(shop) == [(999 - 333) // 10, (999 - 333) * 5 // 100]
    transaction(trade.settle_refund, second, state="failed", reason="no", now=shop.now)
    assert nets(shop) == [99, 49]


def test_half_a_year_after_maturity_the_shop_bears_it(shop, pair):
    placed = shop.buy(Person("clara@example.com"), via=pair[1])
    shop.pass_days(7)
    shop.pass_days(181)
    shop.refund(placed, 10000)
    wallet = shop.wallet(pair[1])
    assert (wallet.available_fen, wallet.debt_fen) == (1000, 0)


def test_a_refund_asked_for_twice_at_once_is_not_paid_twice(shop, pair):
    from concurrent.futures import ThreadPoolExecutor

    placed = shop.buy(Person("clara@example.com"), via=pair[1])
    order_id, app = shop.order_id(placed), __import__("flask").current_app._get_current_object()

    def ask(_):
        with app.app_context():
            try:
                act = {"amount_fen": 10000, "way": "hand", "reason": "", "actor": "x", "now": shop.now}
                return transaction(trade.refund, order_id, **act)
            except Refusal:
                return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert sum(answer is not None for answer in answers) == 1
    assert nets(shop) == [0, 0]


@pytest.mark.parametrize(("free_join", "state", "source"), [(True, "qualified", "free_join"), (False, "none", None)])
def test_who_was_qualified_by_a_purchase_that_went_back(shop, pair, free_join, state, source):
    from app import shop as room

    transaction(room.change_settings, free_join=free_join)
    clara = Person("clara@example.com")
    first, second = shop.buy(clara, via=pair[1]), shop.buy(clara)
    standing = "SELECT state || coalesce(source, '') FROM node WHERE id = :id"
    shop.refund(first, 10000)
    assert shop.count(standing, id=shop.node(clara).id) == "qualifiedfirst_purchase"
    shop.refund(second, 10000)
    assert shop.count(standing, id=shop.node(clara).id) == state + (source or "")
    assert nets(shop)[0] == 0


@pytest.mark.parametrize(
    ("nature", "days", "left_fen"),
    [
        ({"vesting": "use_count", "uses": 5, "validity_days": 365}, 366, 0),
        ({"vesting": "validity", "validity_days": 365}, 300, 0),
    ],
)
def test_the_180_days_run_from_when_it_matured_last(shop, pair, nature, days, left_fen):
    transaction(shop.product, "year", price_fen=36500, **nature)
    placed = shop.buy(Person("clara@example.com"), via=pair[1], slug="year")
    for _ in range(days):
        shop.pass_days(1)
    assert shop.wallet(pair[1]).available_fen >= 3000
    shop.refund(placed, 36500)
    assert shop.wallet(pair[1]).available_fen == left_fen
    assert shop.count("SELECT sum(borne_fen) FROM commission") == 0


def test_one_form_is_one_refund_and_never_another(shop, pair):
    placed = shop.buy(Person("clara@example.com"), via=pair[1])

    def ask(fen, way="hand"):
        told = {"way": way, "reason": "", "actor": "a", "number": "K1", "now": shop.now}
        return transaction(trade.refund, shop.order_id(placed), amount_fen=fen, **told)

    assert ask(1000) == ask(1000)
    for changed in ((2000,), (1000, "gateway")):
        with pytest.raises(Refusal) as refusal:
            ask(*changed)
        assert refusal.value.field == "amount"
    assert shop.count("SELECT sum(refunded_fen) FROM order_line") == 1000


@pytest.fixture
def bought_rights(shop):
    """A shop in which only a purchase lets somebody share; Boris bought once as a guest and claimed it."""
    transaction(shop_room.change_settings, free_join=False)
    first = shop.buy(Person("boris@example.com"))
    boris = shop.member("boris@work.example", joins=False)
    transaction(trade.claim, shop.order_id(first), boris.account_id, shop.now)
    assert shop.node(boris).state == "qualified"
    return boris, first


def test_a_purchase_as_a_guest_counts_as_a_purchase(shop, bought_rights):
    boris, first = bought_rights
    second = shop.buy(boris)
    shop.refund(second, shop.count("SELECT max(total_fen) FROM orders WHERE number = :n", n=second.number))
    assert shop.node(boris).state == "qualified"
    shop.refund(first, 10000)
    assert shop.node(boris).state == "none"


@pytest.mark.parametrize("suspended_first", [True, False])
def test_a_suspension_that_is_lifted_gives_nothing_that_was_lost(shop, bought_rights, suspended_first):
    boris, first = bought_rights
    told = {"reason": "x", "actor": "a", "now": shop.now}
    if suspended_first:
        transaction(trade.suspend, shop.node(boris).id, **told)
    shop.refund(first, 10000)
    if not suspended_first:
        transaction(trade.suspend, shop.node(boris).id, **told)
    transaction(trade.lift, shop.node(boris).id, **told)
    assert shop.node(boris).state == "none"


def test_a_refund_that_fails_gives_a_right_back_that_it_took(shop, bought_rights):
    boris, first = bought_rights
    refund_id = shop.refund(first, 10000, done=False)
    assert shop.node(boris).state == "none"
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    assert shop.node(boris).state == "qualified"
