"""What pages call the accounts of the ledger."""

from flask_babel import lazy_gettext

from app import ledger

_GATEWAY, _POOL = ledger.gateway_account(""), ledger.pool_account("")
WORDS = {
    ledger.SALES: lazy_gettext("Sales"),
    ledger.REFUND: lazy_gettext("Refunds"),
    "income:surcharge": lazy_gettext("Surcharges of payment channels"),
    "income:payout_fee": lazy_gettext("Fees of payouts"),
    "income:forfeit": lazy_gettext("Commission that lapsed"),
    "exp:commission": lazy_gettext("Commission, the shop’s cost"),
    "exp:pool": lazy_gettext("Incentive pool, the shop’s cost"),
    "exp:gateway_fee": lazy_gettext("Fees of payment providers"),
    "exp:bad_debt": lazy_gettext("Debts given up"),
    "liab:refund_clearing": lazy_gettext("Refunds on their way to buyers"),
    "liab:unclaimed": lazy_gettext("Money that belongs to no order"),
    "liab:tax_withheld": lazy_gettext("Tax withheld"),
    "asset:bank": lazy_gettext("The shop’s bank account"),
}
PREFIXES = {
    ledger.HELD + ":": lazy_gettext("Held"),
    ledger.AVAILABLE + ":": lazy_gettext("Available"),
    ledger.FROZEN + ":": lazy_gettext("Frozen"),
    ledger.PENDING + ":": lazy_gettext("On its way out"),
    ledger.CLAWBACK_DUE + ":": lazy_gettext("Owed to the shop"),
    "memo:paid_out:": lazy_gettext("Paid out"),
    _GATEWAY: lazy_gettext("With the payment provider"),
    _POOL: lazy_gettext("Incentive pool"),
}


def account_words(account: str) -> str:
    """An account in words, with whose it is: a distributor's public id, a channel, a month."""
    if account in WORDS:
        return str(WORDS[account])
    for prefix, words in PREFIXES.items():
        if account.startswith(prefix):
            return f"{words} · {account.removeprefix(prefix)}"
    return account
