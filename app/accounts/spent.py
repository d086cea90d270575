"""A spent token: what was signed, lives for minutes and was used, so that it is not used again."""

from sqlalchemy import BigInteger, Connection, LargeBinary, bindparam, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Model, table


class Spent(Model):
    __tablename__ = "spent_token"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    forget_at: Mapped[int] = mapped_column(BigInteger, index=True)


_SPEND = text(
    "INSERT INTO spent_token (token_hash, forget_at) VALUES (:hash, :forget_at) ON CONFLICT (token_hash) DO NOTHING"
)
_FORGET = delete(table(Spent)).where(table(Spent).c.forget_at <= bindparam("now"))


def spend(tx: Connection, token: str, forget_at: int) -> bool:
    """Use a token up; of two who bring it, one gets True. It is kept until `forget_at`, when it is too old for everybody."""
    return tx.execute(_SPEND, {"hash": vault.digest(token), "forget_at": forget_at}).rowcount == 1


def forget_spent(tx: Connection, now: int) -> int:
    """Forget the tokens that are too old to be used a second time."""
    return tx.execute(_FORGET, {"now": now}).rowcount
