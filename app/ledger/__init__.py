"""The ledger: an append-only journal in double entry, balances kept beside it, and books that prove themselves."""

from app.ledger.accounts import AVAILABLE, FROZEN, HELD, PENDING, gateway_account, payee_account
from app.ledger.balance import Balance, Wallet, read_wallet
from app.ledger.books import Finding, check_books
from app.ledger.journal import Journal, KeyConflict, post, post_accrual, post_sale
from app.ledger.posting import Posting

__all__ = [
    "AVAILABLE",
    "FROZEN",
    "HELD",
    "PENDING",
    "Balance",
    "Finding",
    "Journal",
    "KeyConflict",
    "Posting",
    "Wallet",
    "check_books",
    "gateway_account",
    "payee_account",
    "post",
    "post_accrual",
    "post_sale",
    "read_wallet",
]
