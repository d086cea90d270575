"""To reckon: what the lines of a delivered order earn whom, by which rule, and when it is earned (distribution 1.4-1.8, 1.10)."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app import catalog, delivery, ledger, orders, outbox, payments, referral, settlement, shop
from app.clock import DAY
from app.db import AnyRow
from app.money import WHOLE_BPS, allocate
from app.shop import Settings
from app.trade.upline import Upline

# An upline in any other state gets no row, and its share stays with the shop: nobody moves up.
EARNING = ("qualified", "suspended")


def reckon(tx: Connection, order_id: int, order: AnyRow, buyer_id: int, upline: Upline, now: int) -> None:
    """Book the commission of both levels, held, and put every line on the calendar of settlement."""
    settings = shop.read_settings(tx)
    payees = _payees(tx, upline, settings, order.paid_at)
    tiers = referral.tier_of(tx, [payee.id for payee in payees.values()]) if payees else {}
    tier_by_level = {level: tiers[payee.id] for level, payee in payees.items()}
    fee_bps, least_days = payments.terms_of_order(tx, order_id)
    lines, earnings = [], []
    rights = delivery.rights_of_order(tx, order_id)
    sold = orders.lines_of_order(tx, order_id)
    for line, base_fen in zip(sold, bases([line.base_fen for line in sold], fee_bps, settings), strict=True):
        goods = catalog.terms_of(tx, line.product_id)
        if not goods.commissionable:
            continue
        terms = _terms(goods, order, rights.get(line.id), settings, least_days)
        renewal, earns = _renewal(tx, goods, order_id, order, buyer_id)
        rules = referral.find_rates(tx, line.product_id, tier_by_level=tier_by_level, renewal=renewal)
        applied, pool_bps = referral.split(
            base_fen,
            line.quantity,
            rules if earns else {},
            cap_bps=settings.max_total_bps,
            # The buyer's own discount, rounded up; other discounts are no part of the cap.
            self_bps_used=min(settings.self_bps, -(-line.discount_fen * WHOLE_BPS // line.subtotal_fen)),
            pool_bps=0 if settings.strict_mode else settings.pool_bps,
            cost_fen=catalog.cost_of(tx, line.sku_id) if settings.margin_guard else None,
        )
        lines.append(settlement.Line(line.id, line.base_fen, pool_bps, terms))
        assert terms.mature_at is not None
        earnings += [
            referral.Earning(line.id, payees[one.level].id, base_fen, one, terms.mature_at)
            for one in applied
            if one.level in payees
        ]
    settlement.open_schedules(tx, order_id, lines, now)
    if earnings:
        _book(tx, order_id, order, buyer_id, payees, earnings, now)
    _catch_up(tx, order_id, order.number, payees, now)


def bases(paid_fen: list[int], fee_bps: int, settings: Settings) -> list[int]:
    """What each line's commission is computed on: what was paid for it, less its part of the provider's fee if so set (1.5)."""
    if settings.commission_base == "paid" or not sum(paid_fen):
        return paid_fen
    fees = allocate(payments.fee_of(sum(paid_fen), fee_bps), paid_fen)
    return [base_fen - fee_fen for base_fen, fee_fen in zip(paid_fen, fees, strict=True)]


def _payees(tx: Connection, upline: Upline, settings: Settings, paid_at: int) -> dict[int, AnyRow]:
    levels = ((1, upline.l1_id), (2, None if settings.strict_mode else upline.l2_id))
    payees = {level: referral.lock_standing(tx, node_id) for level, node_id in levels if node_id is not None}
    return {level: payee for level, payee in payees.items() if _earned_then(tx, payee, paid_at)}


def _earned_then(tx: Connection, payee: AnyRow, paid_at: int) -> bool:
    """Whether the payee had the right to earn when the order was paid: what came later neither gives nor takes it."""
    if payee.qualified_at is None or payee.qualified_at > paid_at:
        return False
    if payee.state == "banned":
        return (referral.last_event(tx, payee.id, "banned") or 0) > paid_at
    return payee.state in EARNING


def _renewal(tx: Connection, goods: catalog.Terms, order_id: int, order: AnyRow, buyer_id: int) -> tuple[bool, bool]:
    """Whether a line renews what the buyer had before, and whether it still earns: a product may end that after some months."""
    if goods.renewal_group is None:
        return False, True
    first_at = orders.first_of_group(tx, buyer_id, goods.renewal_group, order_id)
    if first_at is None:
        return False, True
    months = goods.renewal_months
    return True, months is None or order.delivered_at < first_at + months * orders.MONTH_DAYS * DAY


def _terms(
    goods: catalog.Terms, order: AnyRow, right: AnyRow | None, settings: Settings, least_days: int
) -> settlement.Terms:
    """When a line is earned: by the goods' nature, as what was granted says; it may have been used before this is computed.

    The product's own hold, or the shop's; and never less than the channel's that the order was paid through.
    """
    hold_days = max(least_days, settings.hold_days if goods.hold_days is None else goods.hold_days)
    midnight = settings.hold_align == "midnight"
    terms = settlement.Terms("instant", order.delivered_at, hold_days, midnight=midnight)
    if right is None:
        return terms
    return replace(
        terms,
        kind=right.kind,
        validity_days=right.validity_days,
        uses=right.uses,
        used=right.uses - right.uses_left if right.uses else 0,
        activated_at=right.activated_at,
        expires_at=right.valid_to,
        forfeit_unused=goods.forfeit_unused,
    )


def _book(
    tx: Connection,
    order_id: int,
    order: AnyRow,
    buyer_id: int,
    payees: dict[int, AnyRow],
    earnings: list[Any],
    now: int,
) -> None:
    held = referral.book_commission(tx, order_id, buyer_id, earnings, now)
    pids = {payee.id: payee.pid for payee in payees.values()}
    held_fen = {pids[payee_id]: fen for payee_id, fen in held.items()}
    ledger.post_accrual(tx, order_number=order.number, held_fen=held_fen, now=now)
    outbox.tell(tx, outbox.ACCRUED, order_id, now)


def _catch_up(tx: Connection, order_id: int, order_number: str, payees: dict[int, AnyRow], now: int) -> None:
    """What is known already is applied at once: a sanctioned payee's share is frozen, and so is that of a disputed order;
    what was refunded before the commission could be computed is taken back."""
    for payee in payees.values():
        if referral.is_sanctioned(tx, payee):
            cause = "suspension" if payee.state == "suspended" else "ban"
            settlement.freeze(tx, f"{cause}:{payee.id}", order_id=order_id, payee_ids=[payee.id], now=now)
    refunded = {line.id: line.refunded_fen for line in orders.lines_of_order(tx, order_id) if line.refunded_fen}
    if refunded:
        settlement.reverse_lines(tx, f"accrual:{order_id}", refunded, order_number=order_number, now=now)
    settlement.catch_up(tx, order_id, now)
