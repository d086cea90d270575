"""To accrue: bind the buyer if it is due, compute both levels, book them, and let the buyer share from now on."""

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import orders, referral
from app.clock import MINUTE
from app.db import AnyRow, Model, table
from app.savepoint import savepoint
from app.trade.reckon import reckon
from app.trade.suspect import suspect
from app.trade.upline import find_upline


class AccrualPending(Model):
    """A delivered order whose commission could not be computed at once; the worker tries again until it can."""

    __tablename__ = "accrual_pending"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(300))
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[int] = mapped_column(BigInteger, index=True)


_PUT_OFF = text(
    "INSERT INTO accrual_pending (order_id, reason, attempts, next_at) VALUES (:order_id, :reason, 1, :next_at) "
    "ON CONFLICT (order_id) DO UPDATE SET reason = excluded.reason, attempts = accrual_pending.attempts + 1, "
    "next_at = excluded.next_at"
)
_DONE = text("DELETE FROM accrual_pending WHERE order_id = :order_id")
_pending = table(AccrualPending)


def accrue(tx: Connection, order_id: int, now: int) -> None:
    """Compute and book the commission of a delivered order, once (distribution 1.3.5, 1.4-1.8)."""
    snapshot = referral.read_attribution(tx, order_id)
    if snapshot.decided_at is not None:
        return
    order = orders.buyer_of(tx, order_id)
    buyer_id = _buyer(tx, order, now)
    orders.attach_node(tx, order_id, buyer_id)
    upline = find_upline(tx, order, buyer_id, snapshot, now)
    reckon(tx, order_id, order, buyer_id, upline, now)
    suspect(tx, order_id, buyer_id, upline, snapshot, now)
    # After the arithmetic: this very order makes the buyer qualified, and earns the buyer nothing.
    if order.total_fen > 0:
        referral.qualify(tx, buyer_id, source="first_purchase", now=now)
    referral.mark_paid(tx, buyer_id, now)
    referral.remember_device(tx, buyer_id, order.device_hash)
    referral.sight(tx, buyer_id, snapshot.trace)
    referral.decide(
        tx,
        order_id,
        source=upline.source,
        l1_id=upline.l1_id,
        l2_id=upline.l2_id,
        refusal=upline.refusal,
        now=now,
    )


def _buyer(tx: Connection, order: AnyRow, now: int) -> int:
    if order.account_id is not None:
        node = referral.node_by_account(tx, order.account_id)
        assert node is not None, "an account has a node from its registration on"
        return int(node.id)
    return referral.contact_node(tx, contact_index=order.contact_index, person_index=order.person_index, now=now)


def accrue_later(tx: Connection, order_id: int, reason: str, now: int) -> None:
    tx.execute(_PUT_OFF, {"order_id": order_id, "reason": reason[:300], "next_at": now + MINUTE})


def retry_accruals(tx: Connection, now: int) -> int:
    """Try the commissions that were put off and are due, each in a savepoint. Returns how many succeeded."""
    due = select(_pending.c.order_id).where(_pending.c.next_at <= now).order_by(_pending.c.next_at).limit(20)
    done = 0
    for order_id in list(tx.execute(due).scalars()):
        try:
            with savepoint(tx):
                accrue(tx, order_id, now)
                tx.execute(_DONE, {"order_id": order_id})
                done += 1
        except Exception as error:  # noqa: BLE001 - one order's fault must not keep the others from their commission
            accrue_later(tx, order_id, repr(error), now)
    return done
