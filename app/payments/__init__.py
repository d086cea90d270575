"""Payments: channels, payments and the inbox of notices. What a provider says is kept, with our verdict on it."""

from app.payments.account import Account
from app.payments.alipay.account import GATEWAY as ALIPAY_GATEWAY
from app.payments.alipay.account import SCENE as ALIPAY_SCENE
from app.payments.alipay.account import AlipayAccount, check_alipay
from app.payments.alipay.transfer import LEAST_FEN as LEAST_TRANSFER_FEN
from app.payments.alipay.transfer import Transfer, TransferAnswer, query_transfer, send_transfer
from app.payments.channel import (
    Channel,
    change_channel,
    channel_by_id,
    channel_by_slug,
    channel_of_order,
    channel_paid,
    create_channel,
    list_channels,
)
from app.payments.gateways import (
    GATEWAYS,
    Field,
    Gateway,
    GatewayUnreachable,
    NotSent,
    QueryResult,
    Reading,
    RefundAnswer,
    RefundWanted,
    Trial,
    Wanted,
)
from app.payments.gateways.sandbox import read_form, sign_notice, sign_refund_notice
from app.payments.inbox import notices_of_order, notices_that_need_a_hand, payments_of_order
from app.payments.notice import KeptNotice, Notice, keep_notice
from app.payments.offer import list_offered, listens, offered
from app.payments.payment import (
    Due,
    Payment,
    ask_later,
    asked_about,
    due_queries,
    find_due,
    mark_paid,
    note_start,
    open_payment,
    paid_payment,
    payment_of_order,
    stop_asking,
    trade_number_taken,
)
from app.payments.repayment import (
    Repayment,
    find_repayment,
    keep_repayment,
    parked_repayments,
    take_repayment,
)
from app.payments.terms import fee_of, terms_of_channel, terms_of_order
from app.payments.transfer_account import (
    TransferAccount,
    drop_transfer_account,
    save_transfer_account,
    transfer_account,
    transfer_settings,
)
from app.payments.verdict import Verdict

__all__ = [
    "ALIPAY_GATEWAY",
    "ALIPAY_SCENE",
    "GATEWAYS",
    "LEAST_TRANSFER_FEN",
    "Account",
    "AlipayAccount",
    "Channel",
    "Due",
    "Field",
    "Gateway",
    "GatewayUnreachable",
    "KeptNotice",
    "NotSent",
    "Notice",
    "Payment",
    "QueryResult",
    "Reading",
    "RefundAnswer",
    "RefundWanted",
    "Repayment",
    "Transfer",
    "TransferAccount",
    "TransferAnswer",
    "Trial",
    "Verdict",
    "Wanted",
    "ask_later",
    "asked_about",
    "change_channel",
    "channel_by_id",
    "channel_by_slug",
    "channel_of_order",
    "channel_paid",
    "check_alipay",
    "create_channel",
    "drop_transfer_account",
    "due_queries",
    "fee_of",
    "find_due",
    "find_repayment",
    "keep_notice",
    "keep_repayment",
    "list_channels",
    "list_offered",
    "listens",
    "mark_paid",
    "note_start",
    "notices_of_order",
    "notices_that_need_a_hand",
    "offered",
    "open_payment",
    "paid_payment",
    "parked_repayments",
    "payment_of_order",
    "payments_of_order",
    "query_transfer",
    "read_form",
    "save_transfer_account",
    "send_transfer",
    "sign_notice",
    "sign_refund_notice",
    "stop_asking",
    "take_repayment",
    "terms_of_channel",
    "terms_of_order",
    "trade_number_taken",
    "transfer_account",
    "transfer_settings",
]
