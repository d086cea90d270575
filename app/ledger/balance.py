"""A balance: what the postings of one account add up to, kept in their own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Connection, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader, table
from app.ledger.accounts import (
    AVAILABLE,
    BAD_DEBT,
    CLAWBACK_DUE,
    COMMISSION,
    FORFEIT,
    FROZEN,
    HELD,
    OF_PAYEE,
    PAID_OUT,
    PENDING,
    payee_account,
)
from app.statement import Statement


class Balance(Model):
    __tablename__ = "balance"
    # The last guard of I2: no bucket of a payee is ever below nothing, and neither is a debt.
    __table_args__ = (
        CheckConstraint(
            "amount_fen <= 0 OR NOT (account LIKE 'liab:held:%' OR account LIKE 'liab:avail:%' "
            "OR account LIKE 'liab:frozen:%' OR account LIKE 'liab:payout_pending:%')",
            name="bucket",
        ),
        CheckConstraint("amount_fen >= 0 OR NOT account LIKE 'asset:clawback_due:%'", name="debt"),
    )

    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger, default=1)


@dataclass(frozen=True)
class Wallet:
    """What a payee has, in fen, all at or above nothing."""

    held_fen: int = 0
    available_fen: int = 0
    frozen_fen: int = 0
    pending_fen: int = 0
    debt_fen: int = 0
    paid_out_fen: int = 0


_balances = table(Balance)
# A CHECK looks at the row that would be inserted before it looks for a conflict: what is taken out of a bucket that is there
# already is proposed as nothing, and the guard judges what the update leaves.
_ADD = Statement(
    "INSERT INTO balance (account, amount_fen, version) SELECT cast(:account AS varchar(80)), "
    "CASE WHEN EXISTS (SELECT 1 FROM balance WHERE account = :account) THEN 0 ELSE cast(:amount_fen AS bigint) END, 1 WHERE true "
    "ON CONFLICT (account) DO UPDATE SET amount_fen = balance.amount_fen + :amount_fen, version = balance.version + 1"
)
_READ = select(_balances.c.account, _balances.c.amount_fen).where(
    _balances.c.account.in_(bindparam("accounts", expanding=True))
)


def add_to_balances(tx: Connection, amounts: Mapping[str, int]) -> None:
    """Add signed fen to accounts, in the order of their names so that two writers cannot lock each other out."""
    _ADD.run_many(tx, [{"account": account, "amount_fen": amounts[account]} for account in sorted(amounts)])


def read_amounts(connection: Reader, accounts: Sequence[str]) -> dict[str, int]:
    """account -> its signed balance in fen; an account that nothing was posted to yet has 0."""
    found = dict.fromkeys(accounts, 0)
    for account, amount_fen in connection.execute(_READ, {"accounts": accounts}):
        found[account] = amount_fen
    return found


def read_wallet(connection: Reader, pids: Sequence[str]) -> Wallet:
    """What one person has, over all nodes that are theirs: a read by key, whatever the number of commissions."""
    return read_wallets(connection, {0: pids})[0]


def read_wallets(connection: Reader, persons: Mapping[int, Sequence[str]]) -> dict[int, Wallet]:
    """person -> what they have, over the pids that are theirs: one statement for all of them."""
    accounts = [payee_account(kind, pid) for pids in persons.values() for pid in pids for kind in OF_PAYEE]
    amounts = read_amounts(connection, accounts)
    return {
        person: _wallet({kind: sum(amounts[payee_account(kind, pid)] for pid in pids) for kind in OF_PAYEE})
        for person, pids in persons.items()
    }


def _wallet(totals: Mapping[str, int]) -> Wallet:
    return Wallet(
        held_fen=-totals[HELD],
        available_fen=-totals[AVAILABLE],
        frozen_fen=-totals[FROZEN],
        pending_fen=-totals[PENDING],
        debt_fen=totals[CLAWBACK_DUE],
        paid_out_fen=totals[PAID_OUT],
    )


def owed_fen(connection: Reader) -> int:
    """What the shop owes all payees together: held, available, frozen and asked for, less what they owe it.

    Every entry that changes what is owed has its other leg on one of four accounts, so that nobody adds up all payees'.
    """
    amounts = read_amounts(connection, [COMMISSION, BAD_DEBT, FORFEIT, PAID_OUT])
    return sum(amounts.values())
