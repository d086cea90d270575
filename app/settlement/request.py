"""A payout request: what has to be true before money leaves what is available (distribution 1.13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app import ledger, outbox, referral, vault
from app.clock import HOUR
from app.db import AnyRow, Reader
from app.errors import N_, Refusal
from app.money import yuan
from app.savepoint import savepoint
from app.settlement.payee import current_payee
from app.settlement.payout import add_payout, note_event, open_payout
from app.settlement.release import release_for
from app.shop import Settings


@dataclass(frozen=True)
class Hindrance:
    """Why somebody cannot be paid now: a sentence with its values."""

    message: str
    field: str
    values: Mapping[str, object]


def _no(message: str, field: str = "amount", **values: object) -> Hindrance:
    return Hindrance(message, field, values)


def payable_fen(wallet: ledger.Wallet) -> int:
    """What could be paid out: what is available, less a debt that the same person has under another pid."""
    return max(0, wallet.available_fen - wallet.debt_fen)


def hindrance(connection: Reader, account_id: int, settings: Settings, now: int) -> Hindrance | None:
    """What keeps an account from requesting anything now, None if nothing does."""
    nodes = referral.nodes_of_account(connection, account_id)
    wallet = ledger.read_wallet(connection, [node.pid for node in nodes])
    payee = current_payee(connection, account_id)
    if ledger.books_broken(connection):
        return _no(
            N_("Payouts are stopped while the shop checks its books. Your money is safe; please come back later.")
        )
    if any(referral.is_sanctioned(connection, node) for node in nodes):
        return _no(N_("Your earnings are being looked into, and cannot be paid out until that is decided."))
    if payee is None:
        return _no(N_("Please say first where the money shall go."), "payee")
    if now < payee.created_at + settings.payout_cooldown_hours * HOUR:
        return _no(
            N_(
                "Where the money goes was changed less than %(hours)s hours ago. For your safety, please wait until then."
            ),
            "payee",
            hours=settings.payout_cooldown_hours,
        )
    if open_payout(connection, account_id):
        return _no(N_("You have an open request already. The next one can follow when it is settled."))
    if wallet.debt_fen >= wallet.available_fen > 0 or (wallet.debt_fen and not wallet.available_fen):
        return _no(N_("Refunds have to be settled with your next earnings first."))
    return None


def request_payout(
    tx: Connection, account_id: int, amount_fen: int, settings: Settings, *, actor: str, now: int
) -> str:
    """Ask for `amount_fen`; it leaves what is available at once. Returns the payout's number. Raises Refusal, beside a field."""
    nodes = referral.nodes_of_account(tx, account_id)
    release_for(tx, [node.id for node in nodes], now)
    pids = [node.pid for node in nodes]
    ledger.lock_payees(tx, pids)
    # Before its age is looked at: what another transaction saves from here on is not what is paid to.
    payee = current_payee(tx, account_id)
    reason = hindrance(tx, account_id, settings, now)
    if reason:
        raise Refusal(reason.message, reason.field, **reason.values)
    assert payee is not None, "a payee that was first set just now is too young"
    most_fen = payable_fen(ledger.read_wallet(tx, pids))
    least_fen = max(settings.min_payout_fen, settings.payout_fee_fen + 1)
    if most_fen < least_fen:
        raise Refusal(N_("Payouts begin at ¥%(least)s."), "amount", least=yuan(least_fen))
    if not least_fen <= amount_fen <= most_fen:
        raise Refusal(
            N_("Please ask for an amount from ¥%(least)s to ¥%(most)s."),
            "amount",
            least=yuan(least_fen),
            most=yuan(most_fen),
        )
    number = vault.code(16)
    offset_debts(tx, number, nodes, now)
    parts = parts_of(tx, pids, amount_fen)
    row = {"number": number, "account_id": account_id, "payee_id": payee.id, "amount_fen": amount_fen, "tax_fen": 0}
    row |= {"fee_fen": settings.payout_fee_fen, "state": "requested", "requested_at": now}
    try:
        with savepoint(tx):
            payout_id = add_payout(tx, row, parts)
    except IntegrityError:
        raise Refusal(
            N_("You have an open request already. The next one can follow when it is settled."), "amount"
        ) from None
    note_event(tx, payout_id, "requested", actor, "", now)
    outbox.tell(tx, "payout.requested", payout_id, now)
    ledger.post_payout_request(tx, number, parts, now=now)
    return number


def offset_debts(tx: Connection, case: str, nodes: Sequence[AnyRow], now: int) -> None:
    """A debt under one of a person's pids is paid with what is available under another."""
    wallets = {node.pid: ledger.read_wallet(tx, [node.pid]) for node in nodes}
    available = {pid: wallet.available_fen for pid, wallet in wallets.items()}
    for debtor, wallet in wallets.items():
        debt_fen = wallet.debt_fen
        for payer in available:
            fen = min(debt_fen, available[payer])
            if fen > 0:
                ledger.post_offset(tx, case, payer, debtor, fen, now=now)
                available[payer] -= fen
                debt_fen -= fen


def parts_of(tx: Connection, pids: Sequence[str], amount_fen: int) -> dict[str, int]:
    """pid -> fen out of what each has available, which is known to be enough. The payees are locked by the caller."""
    parts = {}
    for pid, available_fen in ledger.available_of(tx, pids).items():
        if fen := min(amount_fen, available_fen):
            parts[pid] = fen
            amount_fen -= fen
    assert amount_fen == 0, "what was looked at is what is there: the payees are locked"
    return parts
