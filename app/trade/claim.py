"""To claim a guest order: its secret proves that the account's owner was the guest (distribution 1.3.9)."""

from sqlalchemy import Connection

from app import orders, referral
from app.errors import N_, Refusal
from app.trade.sanction import share_sanction


def claim(tx: Connection, order_id: int, account_id: int, now: int) -> None:
    """Give the order to the account; with the guest's first paid order, make the guest part of the account's own node.

    Anybody may type anybody's contact, so a later order, or one that is not paid, proves nothing but itself. The caller has
    checked the order's secret. Past commission is neither recomputed nor moved; what comes later goes to the account. Raises
    Refusal when the order, or the guest, belongs to another account.
    """
    order = orders.buyer_of(tx, order_id)
    if order.account_id == account_id:
        return
    if not orders.attach_account(tx, order_id, account_id):
        raise Refusal(N_("This order belongs to another account already."))
    # Before anybody's standing is read: a sanction at this moment waits, or is seen.
    referral.lock_tree(tx)
    guest = referral.node_by_contact(tx, order.contact_index)
    own = referral.node_by_account(tx, account_id)
    if guest is None or own is None:
        return
    if guest.account_id == account_id:
        return
    if guest.account_id is None and orders.first_paid(tx, order.contact_index, guest.id) != order_id:
        return
    if not referral.merge_node(tx, guest.id, own.id):
        raise Refusal(N_("These purchases belong to another account already."))
    if {guest.state, own.state} & {"suspended", "banned"}:
        share_sanction(tx, guest, own, now)
    if "banned" not in (guest.state, own.state):
        _inherit_upline(tx, guest.id, own.id, now)
    if guest.first_paid_at is not None:
        referral.mark_paid(tx, own.id, guest.first_paid_at)
    if guest.state == "qualified":
        referral.qualify(tx, own.id, source="first_purchase", now=now)


def _inherit_upline(tx: Connection, guest_id: int, own_id: int, now: int) -> None:
    inherited = referral.open_edge(tx, guest_id)
    referral.close_edge(tx, guest_id, "merged", now)
    if referral.open_edge(tx, own_id) and referral.is_above(tx, own_id, referral.parent_of(tx, own_id) or own_id):
        # The account stood below the guest that it was itself.
        referral.close_edge(tx, own_id, "merged", now)
    # Whoever left an upline as a member does not come under another as the guest that they were.
    if inherited and referral.open_edge(tx, own_id) is None and referral.released_at(tx, own_id) is None:
        parent_id, valid_from = inherited
        if parent_id != own_id:
            referral.bind(tx, own_id, parent_id, "claim", valid_from)
