"""Who brought a buyer, decided when the order is paid: the open relation, else the invite that the order carried (1.3.5)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app import referral, shop
from app.db import AnyRow


@dataclass(frozen=True)
class Upline:
    """Both levels above a buyer, where the relation came from, and why there is none."""

    source: str | None = None
    refusal: str | None = None
    l1_id: int | None = None
    l2_id: int | None = None


def find_upline(tx: Connection, order: AnyRow, buyer_id: int, snapshot: Any, now: int) -> Upline:
    """The two levels that an order earns for, as they stood when it was paid, however late that is computed.

    Binds the buyer to the invite's sender where that is due.
    """
    l1_id, source, refusal = referral.parent_at(tx, buyer_id, order.paid_at), "edge", None
    if l1_id is None:
        l1_id, source, refusal = _bind(tx, order.id, buyer_id, snapshot, now)
    if l1_id is None:
        return Upline(refusal=refusal)
    refusal = _is_buyer(tx, l1_id, order, buyer_id)
    if refusal:
        return Upline(source=source, refusal=refusal)
    l2_id = referral.parent_at(tx, l1_id, order.paid_at)
    # One person is paid at one level, and a buyer at none: the share stays with the shop.
    if l2_id is not None and (_is_buyer(tx, l2_id, order, buyer_id) or referral.linked(tx, l1_id, l2_id)):
        l2_id = None
    return Upline(source, None, l1_id, l2_id)


def _bind(tx: Connection, order_id: int, buyer_id: int, snapshot: Any, now: int) -> tuple[int | None, str, str | None]:
    candidate_id, refusal = snapshot.candidate_id, snapshot.refusal
    if candidate_id is None or refusal:
        return None, "cookie", refusal
    bound_id = referral.parent_of(tx, buyer_id)
    if bound_id is not None:
        # A later order was quicker than this one, which was put off, and has bound the buyer.
        return bound_id, "edge", None
    candidate = referral.standing_of(tx, candidate_id)
    if candidate.merged_into_id is not None:
        # The guest who shared the link was claimed since: whoever claimed it is the inviter.
        candidate = referral.standing_of(tx, candidate.merged_into_id)
    refusal = _is_taken(tx, order_id, buyer_id, now)
    if refusal:
        return None, "cookie", refusal
    if candidate.state != "qualified":
        return None, "cookie", "not_qualified"
    if not referral.bind(tx, buyer_id, candidate.id, "first_order", now, click_id=snapshot.click_id):
        return referral.parent_of(tx, buyer_id), "edge", "circle"
    return candidate.id, "cookie", None


def _is_taken(tx: Connection, order_id: int, buyer_id: int, now: int) -> str | None:
    """Why nobody may bind the buyer by an invitation. Whoever left an upline may be bound again, by an invitation that they
    opened afterwards, once the cooldown is over; anybody else only before the first paid order (1.3.6, 1.3.12)."""
    left_at = referral.released_at(tx, buyer_id)
    if left_at is not None:
        until = referral.cools_until(tx, buyer_id, cooldown_days=shop.read_settings(tx).rebind_cooldown_days)
        opened_at = referral.clicked_at(tx, order_id)
        if until is None or now < until or opened_at is None or opened_at <= left_at:
            return "cooldown"
        return None
    return "paid_before" if referral.standing_of(tx, buyer_id).first_paid_at is not None else None


def _is_buyer(tx: Connection, node_id: int, order: AnyRow, buyer_id: int) -> str | None:
    return referral.same_person(
        tx,
        node_id,
        buyer_node_id=buyer_id,
        account_id=order.account_id,
        contact_index=order.contact_index,
        person_index=order.person_index,
        device_hash=order.device_hash,
    )
