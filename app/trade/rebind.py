"""To rebind: a distributor's claim was decided for them, so the buyer stands under them from now on (1.3.13, 1.3.17).

Nothing that was earned before moves. One of the staff proposes it, and another one approves it.
"""

from sqlalchemy import Connection

from app import accounts, orders, referral, settlement, shop
from app.db import AnyRow
from app.errors import N_, Refusal


def propose_rebind(tx: Connection, child_id: int, case_number: str, *, reason: str, by: int, now: int) -> int:
    """Propose to put somebody under whom a final, granted claim names. Returns the proposal's id. Raises Refusal."""
    _check_staff(tx, by)
    parent_id = _claimant(tx, child_id, case_number)
    _check(tx, child_id, parent_id, now)
    return referral.add_rebind(tx, child_id, parent_id, case_number=case_number, reason=reason, by=by, now=now)


def approve_rebind(tx: Connection, rebind_id: int, *, by: int, now: int) -> None:
    """Do it, as somebody else than who proposed it. Raises Refusal."""
    row = _find(tx, rebind_id)
    rebind(tx, row.child_id, row.parent_id, row.case_number, decided_by=row.proposed_by, second_by=by, now=now)
    if not referral.decide_rebind(tx, rebind_id, "done", second_by=by, now=now):
        raise Refusal(N_("This was decided already."))


def withdraw_rebind(tx: Connection, rebind_id: int, *, by: int, now: int) -> None:
    """Drop a proposal. Either of the two may. Raises Refusal."""
    _check_staff(tx, by)
    row = _find(tx, rebind_id)
    second_by = by if by != row.proposed_by else None
    if not referral.decide_rebind(tx, rebind_id, "withdrawn", second_by=second_by, now=now):
        raise Refusal(N_("This was decided already."))


def rebind(
    tx: Connection, child_id: int, parent_id: int, case_number: str, *, decided_by: int, second_by: int, now: int
) -> None:
    """Close the child's edge and open one to the parent, from now on. Two of the staff have to stand for it. Raises Refusal."""
    if decided_by == second_by:
        raise Refusal(N_("Somebody else has to approve what you proposed."))
    for account_id in (decided_by, second_by):
        _check_staff(tx, account_id)
    referral.lock_tree(tx)
    if _claimant(tx, child_id, case_number) != parent_id:
        raise Refusal(N_("The case names somebody else."), field="case_number")
    _check(tx, child_id, parent_id, now)
    referral.close_edge(tx, child_id, "rebound", now)
    if not referral.bind(tx, child_id, parent_id, "rebind", now):
        raise Refusal(N_("That would close a circle: the inviter came through this person."))
    actor = f"account:{decided_by}, account:{second_by}"
    referral.note_event(tx, child_id, "rebound", actor=actor, reason=case_number, now=now)


def _find(tx: Connection, rebind_id: int) -> AnyRow:
    row = referral.find_rebind(tx, rebind_id)
    if row is None or row.state != "proposed":
        raise Refusal(N_("This was decided already."))
    return row


def _check_staff(tx: Connection, account_id: int) -> None:
    staff = [person for person in accounts.list_staff(tx) if person.role != "arbitrator" and person.disabled_at is None]
    if account_id not in {person.id for person in staff}:
        raise Refusal(N_("Only who runs the shop decides this."))


def _claimant(tx: Connection, child_id: int, case_number: str) -> int:
    """The distributor whose claim was granted for good; where it names an order, the child has to be its buyer."""
    case = settlement.case_of(tx, case_number)
    if case is None or case.kind != "distributor" or (case.state, case.decision) != ("final", "adjust"):
        raise Refusal(
            N_("There is no claim of a distributor with this number that was granted for good."), "case_number"
        )
    if case.order_id is not None and _own(tx, orders.lock_order(tx, case.order_id).node_id) != child_id:
        raise Refusal(N_("The case is about another buyer."), "case_number")
    return _own(tx, case.node_id)


def _own(tx: Connection, node_id: int) -> int:
    node = referral.standing_of(tx, node_id)
    return node.merged_into_id or node.id


def _check(tx: Connection, child_id: int, parent_id: int, now: int) -> None:
    if referral.standing_of(tx, parent_id).state != "qualified":
        raise Refusal(N_("The claimant may not earn now."), "case_number")
    if referral.parent_of(tx, child_id) == parent_id:
        raise Refusal(N_("This person stands under the claimant already."), "case_number")
    if referral.is_above(tx, child_id, parent_id):
        raise Refusal(N_("That would close a circle: the inviter came through this person."), "case_number")
    days = shop.read_settings(tx).rebind_cooldown_days
    until = referral.cools_until(tx, child_id, cooldown_days=days)
    if until is not None and now < until:
        raise Refusal(N_("This person left an inviter, and may not be bound anew yet."), "case_number")
