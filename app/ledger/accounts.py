"""The chart of accounts (distribution 1.17). Postings are signed: debit is positive, credit is negative."""

SALES = "income:sales"
# What buyers paid beside their orders' totals: a channel's surcharge, less the few fen that tell payments apart by their amount.
SURCHARGE = "income:surcharge"
PAYOUT_FEE = "income:payout_fee"
FORFEIT = "income:forfeit"
REFUND = "contra:refund"
COMMISSION = "exp:commission"
POOL_EXPENSE = "exp:pool"
GATEWAY_FEE = "exp:gateway_fee"
BAD_DEBT = "exp:bad_debt"
# Refunds that were promised to buyers and are not confirmed yet.
REFUND_CLEARING = "liab:refund_clearing"
# Money that came and belongs to no order: somebody's, until it is attached or goes back.
UNCLAIMED = "liab:unclaimed"
TAX_WITHHELD = "liab:tax_withheld"
# Where payouts leave from, and refunds that the merchant sent by hand.
BANK = "asset:bank"

HELD = "liab:held"
AVAILABLE = "liab:avail"
FROZEN = "liab:frozen"
PENDING = "liab:payout_pending"
CLAWBACK_DUE = "asset:clawback_due"
# A memo beside the books: what was paid out to a payee so far, so that no page has to add payouts up.
PAID_OUT = "memo:paid_out"

OF_PAYEE = (HELD, AVAILABLE, FROZEN, PENDING, CLAWBACK_DUE, PAID_OUT)


def gateway_account(channel_slug: str) -> str:
    """Money that lies with the provider behind a channel."""
    return f"asset:gateway:{channel_slug}"


def pool_account(period: str) -> str:
    """The incentive pool of a month such as "2026-11"; it may be below nothing while the month is open."""
    return f"liab:pool:{period}"


def payee_account(kind: str, pid: str) -> str:
    """One payee's bucket: `kind` is one of OF_PAYEE, `pid` the node's public id."""
    return f"{kind}:{pid}"
