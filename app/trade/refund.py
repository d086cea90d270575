"""To refund: money goes back to the buyer, and the commission it gave rise to is taken back with it (distribution 1.11)."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app import delivery, ledger, orders, outbox, payments, referral, settlement, shop
from app.db import AnyRow
from app.errors import N_, Refusal
from app.money import yuan
from app.trade.book import book_refund_sent


def refund(
    tx: Connection,
    order_id: int,
    *,
    amount_fen: int | None = None,
    lines: Mapping[int, int] | None = None,
    way: str,
    reason: str,
    actor: str,
    number: str | None = None,
    now: int,
) -> int:
    """Refund an amount, spread over what is left of the lines, or `lines` (line id -> fen). Returns the refund's id.

    `way` is 'gateway' (sent by the worker through the channel that was paid), 'hand' (the merchant sends it) or 'provider' (it
    was sent already, at the provider's). Nothing is sent here: `settle_refund` says how it went. A `number` that was used for
    this order before means the same refund, asked for twice. Raises Refusal.
    """
    order = orders.lock_order(tx, order_id)
    known = orders.refund_by_number(tx, number) if number else None
    if known is not None and known.order_id == order_id:
        _refuse_changed(known, amount_fen if lines is None else sum(lines.values()), way)
        return int(known.id)
    if order.state != "paid":
        raise Refusal(N_("This order was not paid: there is nothing to refund."))
    if lines is None:
        assert amount_fen is not None
        lines = orders.spread(orders.refundable(tx, order_id), amount_fen)
    opened = orders.open_refund(tx, order_id, lines, way=way, reason=reason, actor=actor, number=number, now=now)
    ledger.post_refund(
        tx, refund_number=opened.number, amount_fen=opened.amount_fen, order_number=order.number, now=now
    )
    case = f"refund:{opened.number}"
    settlement.reverse_lines(tx, case, opened.refunded_by_line, order_number=order.number, now=now)
    delivery.end(tx, [line_id for line_id, left_fen in orders.refundable(tx, order_id).items() if not left_fen], now)
    if order.node_id is not None:
        _judge_purchase(tx, referral.person_of(tx, order.node_id))
    if way == "gateway":
        outbox.put(tx, "refund", case, now)
    return opened.id


def _refuse_changed(known: AnyRow, amount_fen: int | None, way: str) -> None:
    if (known.amount_fen, known.way) != (amount_fen, way):
        raise Refusal(
            N_("This form was sent before, as a refund of ¥%(amount)s. Please open the order again for another one."),
            "amount",
            amount=yuan(known.amount_fen),
        )


def _judge_purchase(tx: Connection, node_id: int) -> None:
    if not orders.keeps_a_purchase(tx, node_id):
        referral.lose_purchase(tx, node_id, free_join=shop.read_settings(tx).free_join)


def settle_refund(
    tx: Connection,
    refund_id: int,
    *,
    state: str,
    reference: str | None = None,
    reason: str = "",
    at_provider: bool = False,
    now: int,
) -> bool:
    """Say how a refund went: 'done', 'failed' (everything is as if it had not been asked for), or 'doubtful'.

    `at_provider` says that a refund that was to be sent by hand went through the channel after all. A doubtful one stays promised to the buyer until somebody knows. False when it was settled before.
    """
    if not orders.mark_refund(tx, refund_id, state, reference, now):
        return False
    known = orders.find_refund(tx, refund_id)
    order = orders.lock_order(tx, known.order_id)
    entry = {"refund_number": known.number, "amount_fen": known.amount_fen, "order_number": order.number, "now": now}
    if state == "done":
        channel = None if known.way == "hand" and not at_provider else payments.channel_paid(tx, known.order_id)
        book_refund_sent(tx, known.order_id, channel, **entry)
        outbox.tell(tx, "order.refunded", refund_id, now)
    elif state == "failed":
        refunded = orders.take_refund_back(tx, refund_id)
        delivery.revive(tx, list(refunded))
        ledger.post_refund_failed(tx, **entry)
        case = f"refund:{known.number}"
        settlement.reinstate_lines(tx, case, refunded, order_number=order.number, now=now)
        if order.node_id is not None:
            referral.regain_purchase(tx, referral.person_of(tx, order.node_id), now)
    return True
