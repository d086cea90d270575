"""The chart of accounts (distribution 1.17). Postings are signed: debit is positive, credit is negative."""

SALES = "income:sales"
COMMISSION = "exp:commission"

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


def payee_account(kind: str, pid: str) -> str:
    """One payee's bucket: `kind` is one of OF_PAYEE, `pid` the node's public id."""
    return f"{kind}:{pid}"
