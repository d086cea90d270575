"""A payee: where a distributor's money goes. Encrypted, known again by a blind index, and never changed, only replaced."""

import re
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, LargeBinary, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app import referral, vault
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal

METHODS = ("alipay", "bank", "wechat")
# Alipay and WeChat go by a phone number or an e-mail address; a bank account is digits.
_SHAPES = {
    "alipay": re.compile(r"1[3-9][0-9]{9}|[!-?A-~]{1,64}@[!-?A-~]{1,120}\.[!-\-/-?A-~]{2,24}", re.ASCII),
    "wechat": re.compile(r"[A-Za-z0-9_+-]{5,40}", re.ASCII),
    "bank": re.compile(r"[0-9]{8,30}", re.ASCII),
}
_GROUPS = re.compile(r"[\s-]")


class Payee(Model):
    __tablename__ = "payee"
    __table_args__ = (Index("ix_payee_account", "account_id", "id"), Index("ix_payee_index", "account_index"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    method: Mapped[str] = mapped_column(String(10))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "payee:{number}:name"})
    account_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "payee:{number}:account"})
    account_index: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Destination:
    """A payee in clear. Pages show `masked`; the rest is for whoever sends the money."""

    id: int
    account_id: int
    method: str
    name: str
    account: str
    account_index: bytes
    created_at: int

    @property
    def masked(self) -> str:
        first, last = (3, 4) if len(self.account) > 10 else (1, 1)
        return f"{self.account[:first]}****{self.account[-last:]}"


_payees = table(Payee)


def _plain(account: str) -> str:
    """An account as it is meant: digits may be written in groups, but the hyphen of an address is part of it."""
    digits = _GROUPS.sub("", account)
    return digits if digits.isascii() and digits.isdigit() else account.strip()


def save_payee(tx: Connection, account_id: int, *, method: str, name: str, account: str, now: int) -> bytes:
    """Set where an account's payouts go from now on, and return the index by which the same payee is known again.

    Raises Refusal beside the field. Saving what is there already changes nothing, and starts no new waiting time.
    """
    account = _plain(account)
    if method not in METHODS:
        raise Refusal(N_("Please choose how you want to be paid."), field="method")
    if not name.strip():
        raise Refusal(N_("Please give the name that the account is in."), field="name")
    if not _SHAPES[method].fullmatch(account):
        raise Refusal(N_("This does not look like such an account. Please check it."), field="account")
    index = vault.blind("payee", account.lower())
    known = current_payee(tx, account_id)
    if known and (known.method, known.account_index, known.name) == (method, index, name.strip()):
        return index
    number = vault.code(16)
    row = {"number": number, "account_id": account_id, "method": method, "account_index": index, "created_at": now}
    row |= {"name_sealed": vault.seal(name.strip(), f"payee:{number}:name")}
    row |= {"account_sealed": vault.seal(account, f"payee:{number}:account")}
    tx.execute(insert(_payees), row)
    node = referral.node_by_account(tx, account_id)
    if node is not None:
        # Whoever is paid to the same place is the same person (1.3.10).
        referral.remember_payee(tx, node.id, index)
    return index


def _open(row: AnyRow) -> Destination:
    return Destination(
        row.id,
        row.account_id,
        row.method,
        vault.open_sealed(row.name_sealed, f"payee:{row.number}:name"),
        vault.open_sealed(row.account_sealed, f"payee:{row.number}:account"),
        row.account_index,
        row.created_at,
    )


def current_payee(connection: Reader, account_id: int) -> Destination | None:
    """The account's payee now."""
    newest = select(_payees).where(_payees.c.account_id == account_id).order_by(_payees.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    return _open(row) if row else None


def payee_by_id(connection: Reader, payee_id: int) -> Destination:
    return _open(connection.execute(select(_payees).where(_payees.c.id == payee_id)).one())


def accounts_with(connection: Reader, account_index: bytes, but_id: int) -> list[int]:
    """The other accounts that were ever paid to the same place: for the merchant to look at."""
    others = select(_payees.c.account_id).where(
        _payees.c.account_index == account_index, _payees.c.account_id != but_id
    )
    return list(connection.execute(others.distinct().limit(20)).scalars())
