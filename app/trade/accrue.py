"""To accrue: bind the buyer if it is due, compute both levels, book them, and let the buyer share from now on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import catalog, ledger, orders, referral, shop
from app.clock import DAY, MINUTE
from app.db import AnyRow, Model, table


class AccrualPending(Model):
    """A delivered order whose commission could not be computed at once; the worker tries again until it can."""

    __tablename__ = "accrual_pending"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(300))
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[int] = mapped_column(BigInteger, index=True)


@dataclass(frozen=True)
class _Upline:
    source: str | None = None
    refusal: str | None = None
    l1_id: int | None = None
    l2_id: int | None = None


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
    upline = _upline(tx, order, buyer_id, snapshot, now)
    _book(tx, order_id, order, buyer_id, upline, now)
    # After the arithmetic: this very order makes the buyer qualified, and earns the buyer nothing.
    if order.total_fen > 0:
        referral.qualify(tx, buyer_id, source="first_purchase", now=now)
    referral.mark_paid(tx, buyer_id, now)
    referral.remember_device(tx, buyer_id, order.device_hash)
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


def _upline(tx: Connection, order: AnyRow, buyer_id: int, snapshot: Any, now: int) -> _Upline:
    l1_id, source, refusal = referral.parent_of(tx, buyer_id), "edge", None
    if l1_id is None:
        l1_id, source, refusal = _bind(tx, buyer_id, snapshot, now)
    if l1_id is None:
        return _Upline(refusal=refusal)
    refusal = _is_buyer(tx, l1_id, order, buyer_id)
    if refusal:
        return _Upline(source=source, refusal=refusal)
    l2_id = referral.parent_of(tx, l1_id)
    if l2_id is not None and _is_buyer(tx, l2_id, order, buyer_id):
        l2_id = None
    return _Upline(source, None, l1_id, l2_id)


def _bind(tx: Connection, buyer_id: int, snapshot: Any, now: int) -> tuple[int | None, str, str | None]:
    candidate_id, refusal = snapshot.candidate_id, snapshot.refusal
    if candidate_id is None or refusal:
        return None, "cookie", refusal
    candidate = referral.standing_of(tx, candidate_id)
    if candidate.merged_into_id is not None:
        # The guest who shared the link was claimed since: whoever claimed it is the inviter.
        candidate = referral.standing_of(tx, candidate.merged_into_id)
    if referral.standing_of(tx, buyer_id).first_paid_at is not None:
        return None, "cookie", "paid_before"
    if candidate.state != "qualified":
        return None, "cookie", "not_qualified"
    if not referral.bind(tx, buyer_id, candidate.id, "first_order", now):
        return referral.parent_of(tx, buyer_id), "edge", "circle"
    return candidate.id, "cookie", None


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


def _book(tx: Connection, order_id: int, order: AnyRow, buyer_id: int, upline: _Upline, now: int) -> None:
    payees = {
        level: referral.standing_of(tx, node_id)
        for level, node_id in ((1, upline.l1_id), (2, upline.l2_id))
        if node_id is not None
    }
    # An upline that may not earn gets no row, and its share stays with the shop: nobody moves up.
    payees = {level: payee for level, payee in payees.items() if payee.state == "qualified"}
    if not payees:
        return
    settings = shop.read_settings(tx)
    earnings = []
    for line in orders.lines_of_order(tx, order_id):
        terms = catalog.terms_of(tx, line.product_id)
        if not terms.commissionable:
            continue
        hold_days = settings.hold_days if terms.hold_days is None else terms.hold_days
        mature_at = order.delivered_at + hold_days * DAY
        for applied in referral.split(line.base_fen, referral.find_rates(tx, line.product_id), settings.max_total_bps):
            if applied.level in payees:
                payee_id = payees[applied.level].id
                earnings.append(referral.Earning(line.id, payee_id, line.base_fen, applied, mature_at))
    if not earnings:
        return
    held = referral.book_commission(tx, order_id, buyer_id, earnings, now)
    pids = {payee.id: payee.pid for payee in payees.values()}
    held_fen = {pids[payee_id]: fen for payee_id, fen in held.items()}
    ledger.post_accrual(tx, order_number=order.number, held_fen=held_fen, now=now)


def accrue_later(tx: Connection, order_id: int, reason: str, now: int) -> None:
    tx.execute(_PUT_OFF, {"order_id": order_id, "reason": reason[:300], "next_at": now + MINUTE})


def retry_accruals(tx: Connection, now: int) -> int:
    """Try the commissions that were put off and are due, each in a savepoint. Returns how many succeeded."""
    due = select(_pending.c.order_id).where(_pending.c.next_at <= now).order_by(_pending.c.next_at).limit(20)
    done = 0
    for order_id in list(tx.execute(due).scalars()):
        try:
            with tx.begin_nested():
                accrue(tx, order_id, now)
                tx.execute(_DONE, {"order_id": order_id})
                done += 1
        except Exception as error:  # noqa: BLE001 - one order's fault must not keep the others from their commission
            accrue_later(tx, order_id, repr(error), now)
    return done
