"""Orders: what somebody wants, at a price that was fixed, under a number nobody can guess and a secret."""

from app.orders.contact import forget_devices, mail_domain
from app.orders.line import OrderLine, add_line, lines_of_order
from app.orders.opening import find_opened, list_opened
from app.orders.order import (
    NewOrder,
    Order,
    attach_account,
    attach_node,
    buyer_of,
    expire_due,
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
    mark_refund,
    open_refund,
    refund_by_number,
    refundable,
    refunds_of_order,
    spread,
    take_refund_back,
    waiting_refunds,
)
from app.orders.renewal import MONTH_DAYS, first_of_group, keeps_a_purchase
from app.orders.repeat import KeyReused, find_by_key
from app.orders.search import (
    STATES,
    find_order,
    lines_by_order,
    list_undelivered,
    orders_by_id,
    paid_order,
    search_orders,
)
from app.orders.unpaid import TooManyUnpaid, refuse_if_too_many

__all__ = [
    "MONTH_DAYS",
    "STATES",
    "KeyReused",
    "NewOrder",
    "Order",
    "OrderLine",
    "Refund",
    "RefundLine",
    "TooManyUnpaid",
    "add_line",
    "attach_account",
    "attach_node",
    "buyer_of",
    "expire_due",
    "find_by_key",
    "find_opened",
    "find_order",
    "find_refund",
    "first_of_group",
    "first_paid",
    "forget_devices",
    "keeps_a_purchase",
    "lines_by_order",
    "lines_of_order",
    "list_opened",
    "list_undelivered",
    "lock_order",
    "mail_domain",
    "mark_delivered",
    "mark_paid",
    "mark_refund",
    "open_order",
    "open_refund",
    "orders_by_id",
    "paid_order",
    "refund_by_number",
    "refundable",
    "refunds_of_order",
    "refuse_if_too_many",
    "search_orders",
    "spread",
    "take_refund_back",
    "waiting_refunds",
]
