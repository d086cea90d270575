"""What somebody may spend on goods: what could be paid out to them, as long as nothing is being looked into."""

from sqlalchemy import Connection

from app import ledger, referral
from app.db import Reader
from app.errors import N_, Refusal
from app.money import yuan
from app.settlement.release import release_for
from app.settlement.request import offset_debts, parts_of, payable_fen


def spendable_fen(connection: Reader, account_id: int) -> int:
    """What an account could spend now."""
    nodes = referral.nodes_of_account(connection, account_id)
    if ledger.books_broken(connection) or any(referral.is_sanctioned(connection, node) for node in nodes):
        return 0
    return payable_fen(ledger.read_wallet(connection, [node.pid for node in nodes]))


def take_to_spend(tx: Connection, account_id: int, amount_fen: int, *, case: str, now: int) -> dict[str, int]:
    """pid -> fen that pay `amount_fen`; the payees stay locked until the transaction ends. Raises Refusal when it is not there."""
    nodes = referral.nodes_of_account(tx, account_id)
    release_for(tx, [node.id for node in nodes], now)
    pids = [node.pid for node in nodes]
    ledger.lock_payees(tx, pids)
    most_fen = spendable_fen(tx, account_id)
    if most_fen < amount_fen:
        raise Refusal(
            N_("Your balance is ¥%(most)s. Please choose another way to pay."), "password", most=yuan(most_fen)
        )
    offset_debts(tx, case, nodes, now)
    return parts_of(tx, pids, amount_fen)
