"""To end a dispute: only now money moves. What is refunded takes its commission with it, and the rest is let go (E9)."""

from sqlalchemy import Connection

from app import ledger, orders, payments, referral, settlement
from app.db import AnyRow
from app.trade.complain import cause_of
from app.trade.refund import refund, settle_refund


def conclude(
    tx: Connection,
    row: AnyRow,
    *,
    side: str,
    actor: str,
    now: int,
    reference: str | None = None,
    **decision: object,
) -> None:
    """Make a dispute final, with the decision that stands in it or the one given. Raises Overtaken if somebody was quicker."""
    settlement.close_dispute(tx, row, "final", now, **decision)
    ended = settlement.find_dispute(tx, row.id)
    settlement.record_statement(
        tx, row.id, side=side, actor=actor, kind="final", text=ended.decision or "", fen=ended.decision_fen, now=now
    )
    if ended.kind == "distributor":
        _adjust(tx, ended, now)
    else:
        _refund(tx, ended, actor, reference, now)
    settlement.unfreeze(tx, cause_of(ended), now)


def _adjust(tx: Connection, ended: AnyRow, now: int) -> None:
    if ended.decision == "adjust" and ended.decision_fen:
        pid = referral.standing_of(tx, ended.node_id).pid
        ledger.adjust(tx, cause_of(ended), pid, ended.decision_fen, now=now)


def _refund(tx: Connection, ended: AnyRow, actor: str, reference: str | None, now: int) -> None:
    # What the merchant refunded meanwhile counts towards it.
    orders.lock_order(tx, ended.order_id)
    meanwhile_fen = orders.refunded_since(tx, ended.order_id, ended.last_refund_id)
    left_fen = sum(orders.refundable(tx, ended.order_id).values())
    fen = min((ended.decision_fen or 0) - meanwhile_fen, left_fen)
    if fen <= 0:
        return
    way = _way(tx, ended.order_id) if reference is None else "provider"
    asked = {"way": way, "reason": f"dispute {ended.number}", "actor": actor, "number": ended.number}
    refund_id = refund(tx, ended.order_id, amount_fen=fen, now=now, **asked)
    if way == "provider":
        # The provider has taken the money already.
        settle_refund(tx, refund_id, state="done", reference=reference, now=now)


def _way(tx: Connection, order_id: int) -> str:
    slug = payments.channel_paid(tx, order_id)
    channel = payments.channel_by_slug(tx, slug) if slug else None
    return "gateway" if channel and channel.can_refund else "hand"


def advance_dispute(tx: Connection, dispute_id: int, now: int) -> AnyRow:
    """The dispute, locked, after everything that time alone brings about."""
    row = settlement.lock_dispute(tx, dispute_id)
    if row.due_at is None or row.due_at > now:
        return row
    if settlement.note_silence(tx, dispute_id, now):
        settlement.record_statement(tx, dispute_id, side="clock", actor="worker", kind="silence", now=now)
    elif row.state == "decided":
        conclude(tx, row, side="clock", actor="worker", now=now)
    return settlement.find_dispute(tx, dispute_id)
