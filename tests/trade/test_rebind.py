"""A distributor whose claim was granted gets the buyer from now on, and two of the staff sign (1.3.13, 1.3.17)."""

import pytest

from app import shop as shop_room
from app import trade
from app.db import transaction
from app.errors import Refusal
from tests.shop import Person
from tests.trade.disputing import judge
from tests.trade.test_claim_commission import claim

pytestmark = pytest.mark.both_databases


@pytest.fixture
def story(shop):
    """Clara came through Boris; Dora claims that it was her link, and is right."""
    transaction(shop_room.change_settings, self_bps=0)
    boris, dora = shop.member("boris@example.com"), shop.member("dora@example.com")
    clara = Person("clara@example.com")
    placed = shop.buy(clara, via=boris)
    return boris, dora, clara, placed


def granted(shop, dora, placed, *, decision="adjust", fen=500, hours=72):
    case = claim(shop, dora, placed.number)
    case.pass_hours(72)
    case.decide(judge(shop, f"judge{shop.count('SELECT count(*) FROM dispute')}@example.com"), decision, fen)
    case.pass_hours(hours)
    return case.number


def staff(shop):
    return judge(shop, "ann@example.com", "manager"), judge(shop, "ben@example.com", "manager")


def propose(shop, person, case_number, by):
    return transaction(trade.propose_rebind, shop.node(person).id, case_number, reason="granted", by=by, now=shop.now)


def approve(shop, rebind_id, by):
    transaction(trade.approve_rebind, rebind_id, by=by, now=shop.now)


def test_two_people_move_the_buyer_forward_and_nothing_backward(shop, story):
    boris, dora, clara, placed = story
    number = granted(shop, dora, placed)
    ann, ben = staff(shop)
    before = shop.wallet(boris)
    rebind_id = propose(shop, clara, number, ann)
    assert shop.parent(clara) == shop.node(boris).id
    with pytest.raises(Refusal):
        approve(shop, rebind_id, ann)
    approve(shop, rebind_id, ben)
    assert shop.parent(clara) == shop.node(dora).id
    assert shop.wallet(boris) == before
    assert shop.count("SELECT reason FROM edge WHERE valid_to IS NOT NULL") == "rebound"
    shop.buy(clara)
    assert shop.wallet(dora).held_fen == 1000
    with pytest.raises(Refusal):
        approve(shop, rebind_id, ben)


def test_only_staff_signs(shop, story):
    _, dora, clara, placed = story
    number = granted(shop, dora, placed)
    ann, _ = staff(shop)
    arbitrator = judge(shop, "tom@example.com")
    for nobody in (arbitrator, dora.account_id):
        with pytest.raises(Refusal):
            propose(shop, clara, number, nobody)
    rebind_id = propose(shop, clara, number, ann)
    with pytest.raises(Refusal):
        approve(shop, rebind_id, arbitrator)


@pytest.mark.parametrize("change", [{"decision": "refused", "fen": None}, {"hours": 71}])
def test_only_a_claim_that_was_granted_for_good_moves_anybody(shop, story, change):
    _, dora, clara, placed = story
    number = granted(shop, dora, placed, **change)
    ann, _ = staff(shop)
    for case in (number, "NOTHING"):
        with pytest.raises(Refusal):
            propose(shop, clara, case, ann)


def test_a_case_moves_its_own_buyer_once(shop, story):
    _, dora, clara, placed = story
    number = granted(shop, dora, placed)
    ann, ben = staff(shop)
    other = Person("emil@example.com")
    shop.buy(other)
    with pytest.raises(Refusal):
        propose(shop, other, number, ann)
    rebind_id = propose(shop, clara, number, ann)
    with pytest.raises(Refusal):
        propose(shop, clara, number, ben)
    transaction(trade.withdraw_rebind, rebind_id, by=ann, now=shop.now)
    with pytest.raises(Refusal):
        approve(shop, rebind_id, ben)
    approve(shop, propose(shop, clara, number, ben), ann)
    with pytest.raises(Refusal):
        propose(shop, clara, number, ann)


def test_it_closes_no_circle(shop):
    """Dora stands far below Clara: the check goes to the top."""
    boris = shop.member("boris@example.com")
    clara = shop.member("clara@example.com", via=boris)
    below = clara
    for name in ("e", "f", "g", "h"):
        below = shop.member(f"{name}@example.com", via=below)
    dora = shop.member("dora@example.com", via=below)
    placed = shop.buy(clara)
    number = granted(shop, dora, placed)
    ann, _ = staff(shop)
    with pytest.raises(Refusal, match="circle"):
        propose(shop, clara, number, ann)


def test_who_left_is_not_moved_during_the_pause(shop):
    boris, dora = shop.member("boris@example.com"), shop.member("dora@example.com")
    clara = shop.member("clara@example.com", via=boris)
    placed = shop.buy(clara)
    number = granted(shop, dora, placed)
    ann, ben = staff(shop)
    rebind_id = propose(shop, clara, number, ann)
    transaction(trade.release_upline, clara.account_id, shop.now)
    with pytest.raises(Refusal, match="left"):
        approve(shop, rebind_id, ben)
    assert shop.parent(clara) is None
