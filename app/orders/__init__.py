"""Orders: what somebody wants, at a price that was fixed, under a number nobody can guess and a secret."""

from app.orders.answer import open_answers
from app.orders.contact import forget_devices, mail_domain
from app.orders.expiry import cancel_order, expire_due
from app.orders.figure import Figure, broken_figures, rebuild_figures
from app.orders.line import OrderLine, add_line, lines_of_order, number_of_line
from app.orders.note import LONGEST as LONGEST_NOTE
from app.orders.note import OrderNote, add_note, notes_of_order
from app.orders.opening import find_opened, list_opened
from app.orders.order import (
    NewOrder,
    Order,
    attach_account,
    attach_node,
    buyer_of,
    first_paid,
    lock_order,
    mark_delivered,
    mark_paid,
    open_order,
)
from app.orders.refund import (
    Refund,
    RefundLine,
    find_refund,
    last_refund,
    mark_refund,
    open_refund,
    refund_by_number,
    refundable,
    refunded_since,
    refunds_of_order,
    spread,
    take_refund_back,
    waiting_refunds,
)
from app.orders.renewal import MONTH_DAYS, first_of_group, keeps_a_purchase
from app.orders.repeat import KeyReused, find_by_key
from app.orders.reservation import hold, let_go
from app.orders.search import (
    REFUNDED,
    STATES,
    UNDELIVERED,
    Lead,
    Wanted,
    find_order,
    id_of_number,
    lines_by_order,
    orders_by_id,
    paid_order,
    search_orders,
)
from app.orders.turnover import Overview, Turnover, read_overview
from app.orders.unpaid import TooManyUnpaid, refuse_if_too_many

__all__ = [
    "LONGEST_NOTE",
    "MONTH_DAYS",
    "REFUNDED",
    "STATES",
    "UNDELIVERED",
    "Figure",
    "KeyReused",
    "Lead",
    "NewOrder",
    "Order",
    "OrderLine",
    "OrderNote",
    "Overview",
    "Refund",
    "RefundLine",
    "TooManyUnpaid",
    "Turnover",
    "Wanted",
    "add_line",
    "add_note",
    "attach_account",
    "attach_node",
    "broken_figures",
    "buyer_of",
    "cancel_order",
    "expire_due",
    "find_by_key",
    "find_opened",
    "find_order",
    "find_refund",
    "first_of_group",
    "first_paid",
    "forget_devices",
    "hold",
    "id_of_number",
    "keeps_a_purchase",
    "last_refund",
    "let_go",
    "lines_by_order",
    "lines_of_order",
    "list_opened",
    "lock_order",
    "mail_domain",
    "mark_delivered",
    "mark_paid",
    "mark_refund",
    "notes_of_order",
    "number_of_line",
    "open_answers",
    "open_order",
    "open_refund",
    "orders_by_id",
    "paid_order",
    "read_overview",
    "rebuild_figures",
    "refund_by_number",
    "refundable",
    "refunded_since",
    "refunds_of_order",
    "refuse_if_too_many",
    "search_orders",
    "spread",
    "take_refund_back",
    "waiting_refunds",
]
