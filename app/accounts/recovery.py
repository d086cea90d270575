"""Recovery codes: ten codes on paper, each good once, for somebody whose phone is gone."""

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Id, Model, Reader, table

HOW_MANY = 10
# Sixty bits, and what is kept of them is keyed.
CHARACTERS = 12
_LOOK_ALIKE = str.maketrans("OIL", "011", " -")


class RecoveryCode(Model):
    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    used_at: Mapped[int | None] = mapped_column(BigInteger)


_codes = table(RecoveryCode)


def _hash(account_id: int, code: str) -> bytes:
    return vault.blind("recovery code", f"{account_id}:{code.upper().translate(_LOOK_ALIKE)}")


def draw_recovery_codes(tx: Connection, account_id: int) -> list[str]:
    """Ten new codes, like K7QF-2M9X-P4TD, to be shown once; those before them are void."""
    drop_recovery_codes(tx, account_id)
    drawn = [vault.code(CHARACTERS) for _ in range(HOW_MANY)]
    tx.execute(insert(_codes), [{"account_id": account_id, "code_hash": _hash(account_id, code)} for code in drawn])
    return ["-".join(code[start : start + 4] for start in range(0, CHARACTERS, 4)) for code in drawn]


def take_recovery_code(tx: Connection, account_id: int, code: str, now: int) -> bool:
    """Use a code up; of two who bring it, one gets True."""
    if len(code) > 40 or not code.isascii():
        return False
    unused = (_codes.c.account_id == account_id) & _codes.c.used_at.is_(None)
    wanted = unused & (_codes.c.code_hash == _hash(account_id, code))
    return tx.execute(update(_codes).where(wanted).values(used_at=now)).rowcount == 1


def count_recovery_codes(connection: Reader, account_id: int) -> int:
    """How many codes are left."""
    unused = (_codes.c.account_id == account_id) & _codes.c.used_at.is_(None)
    return connection.execute(select(func.count()).select_from(_codes).where(unused)).scalar_one()


def drop_recovery_codes(tx: Connection, account_id: int) -> None:
    tx.execute(delete(_codes).where(_codes.c.account_id == account_id))
