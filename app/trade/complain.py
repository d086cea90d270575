"""To open a dispute: the commission of the order is frozen in the same transaction (distribution 1.12, 1.3.17)."""

from sqlalchemy import Connection

from app import orders, referral, settlement
from app.clock import DAY
from app.db import AnyRow
from app.errors import N_, Refusal
from app.picture import Picture

# As long as commission can be taken back for it.
COMPLAINT_DAYS = 180
CLAIM_DAYS = 30
MOST_OPEN_CLAIMS = 5
NO_SUCH_ORDER = N_("The shop knows no paid order of the last 30 days with this number.")


def complain(
    tx: Connection,
    order_id: int,
    *,
    claim: str,
    wanted_fen: int,
    picture: Picture | None = None,
    actor: str,
    now: int,
) -> str:
    """Open the buyer's dispute and return its number. Raises Refusal."""
    delivered_at = orders.buyer_of(tx, order_id).delivered_at
    if delivered_at is not None and now >= delivered_at + COMPLAINT_DAYS * DAY:
        raise Refusal(N_("The order is too old for a dispute. Please write to the shop."))
    new = _about(tx, order_id, "buyer", claim, wanted_fen)
    return _record(tx, new, side="opener", picture=picture, actor=actor, now=now)


def report_chargeback(tx: Connection, order_id: int, *, claim: str, wanted_fen: int, actor: str, now: int) -> str:
    """Note that the buyer disputes the payment at the provider, whose outcome will be final. Returns the dispute's number."""
    new = _about(tx, order_id, "provider", claim, wanted_fen)
    return _record(tx, new, side="provider", picture=None, actor=actor, now=now)


def _about(tx: Connection, order_id: int, kind: str, claim: str, wanted_fen: int) -> settlement.NewDispute:
    if orders.lock_order(tx, order_id).state != "paid":
        raise Refusal(N_("This order was not paid: there is nothing to dispute."))
    # Spread here only to be refused here: more than is left cannot be asked back.
    orders.spread(orders.refundable(tx, order_id), wanted_fen)
    last_id = orders.last_refund(tx, order_id)
    return settlement.NewDispute(kind, order_id, claim, wanted_fen=wanted_fen, last_refund_id=last_id)


def _record(
    tx: Connection, new: settlement.NewDispute, *, side: str, picture: Picture | None, actor: str, now: int
) -> str:
    opened = settlement.open_dispute(tx, new, now)
    settlement.record_statement(
        tx,
        opened.id,
        side=side,
        actor=actor,
        kind="opened",
        text=new.claim,
        fen=new.wanted_fen,
        picture=picture,
        now=now,
    )
    if new.order_id is not None:
        settlement.freeze(tx, cause_of(opened), order_id=new.order_id, now=now)
    number: str = opened.number
    return number


def cause_of(row: AnyRow) -> str:
    """The name under which the commission of a disputed order is frozen."""
    return f"dispute:{row.id}"


def claim_commission(
    tx: Connection,
    node_id: int,
    *,
    order_number: str | None,
    claim: str,
    picture: Picture | None = None,
    actor: str,
    now: int,
) -> str:
    """Open a distributor's claim that an order was not counted for them. Returns the dispute's number. Raises Refusal.

    Without the order's number the claim waits for somebody to find the order by what the claim tells.
    """
    if settlement.count_open_claims(tx, node_id) >= MOST_OPEN_CLAIMS:
        raise Refusal(N_("%(most)s of your claims are open. Please wait for one of them."), most=MOST_OPEN_CLAIMS)
    order_id = claimable_order(tx, node_id, order_number, now) if order_number else None
    if order_id is not None:
        # Commission that was put off may be booked at this moment: it meets the claim, or the claim meets it.
        orders.lock_order(tx, order_id)
    new = settlement.NewDispute("distributor", order_id, claim, node_id=node_id)
    return _record(tx, new, side="opener", picture=picture, actor=actor, now=now)


def claimable_order(tx: Connection, node_id: int, order_number: str, now: int) -> int:
    """The id of an order of the last 30 days that a distributor may claim. Raises Refusal."""
    order = orders.paid_order(tx, order_number)
    if order is None or now >= order.paid_at + CLAIM_DAYS * DAY:
        raise Refusal(NO_SUCH_ORDER, field="order_number")
    buyer = {"account_id": order.account_id, "contact_index": order.contact_index, "person_index": order.person_index}
    if referral.same_person(tx, node_id, buyer_node_id=order.node_id, **buyer):
        raise Refusal(N_("Your own purchases earn you nothing."), field="order_number")
    mine = [node.id for node in referral.nodes_of_account(tx, referral.standing_of(tx, node_id).account_id)]
    if referral.ids_of_order(tx, order.id, mine):
        raise Refusal(N_("This order was counted for you: it is among your earnings."), field="order_number")
    order_id: int = order.id
    return order_id
