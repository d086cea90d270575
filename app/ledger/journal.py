"""A journal entry: postings that add up to nothing, written once under an idempotency key (distribution 1.18)."""

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import BigInteger, Connection, LargeBinary, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, table
from app.errors import N_, Refusal
from app.ledger.balance import add_to_balances
from app.ledger.listening import tell
from app.statement import Statement


class KeyConflict(Refusal):
    """The key was used for an entry with other legs."""

    status = 409


class Journal(Model):
    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    happened_at: Mapped[int] = mapped_column(BigInteger)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    order_number: Mapped[str | None] = mapped_column(String(40), index=True)


_journals = table(Journal)
_INSERT = Statement(
    "INSERT INTO journal (key, kind, happened_at, request_hash, order_number) "
    "VALUES (:key, :kind, :happened_at, :request_hash, :order_number) ON CONFLICT (key) DO NOTHING RETURNING id"
)
_POST = Statement("INSERT INTO posting (journal_id, account, amount_fen) VALUES (:journal_id, :account, :amount_fen)")
_HASH = select(_journals.c.request_hash).where(_journals.c.key == bindparam("journal_key"))


def post(
    tx: Connection, key: str, kind: str, legs: Mapping[str, int], *, order_number: str | None = None, now: int
) -> bool:
    """Write one entry with `legs` (account -> signed fen, debit positive), and move the balances.

    Returns False when the key was posted before with the same legs. Raises KeyConflict when it was posted with others.
    """
    legs = {account: amount for account, amount in legs.items() if amount}
    assert legs, f"there is nothing to post under {key}"
    assert sum(legs.values()) == 0, f"the legs of {key} do not add up"
    request_hash = hashlib.sha256(json.dumps([kind, sorted(legs.items())]).encode()).digest()
    row = {"key": key, "kind": kind, "happened_at": now, "request_hash": request_hash, "order_number": order_number}
    journal_id = _INSERT.run(tx, row).scalar()
    if journal_id is None:
        if tx.execute(_HASH, {"journal_key": key}).scalar_one() != request_hash:
            raise KeyConflict(N_("This was booked before with other amounts."))
        return False
    _POST.run_many(
        tx, [{"journal_id": journal_id, "account": account, "amount_fen": legs[account]} for account in sorted(legs)]
    )
    add_to_balances(tx, legs)
    tell(kind, legs)
    return True
