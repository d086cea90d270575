"""An account: somebody who can log in, as a buyer or as the shop's owner."""

from flask_login import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, Connection, String, bindparam, exists, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, table


class Account(UserMixin, Model):
    __tablename__ = "account"
    __table_args__ = (CheckConstraint("role IN ('buyer', 'owner')", name="role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10), default="buyer")
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int] = mapped_column(BigInteger)
    disabled_at: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"

    def remember(self, token: str) -> None:
        """Note the session through which this visitor is logged in; it is no column."""
        self.__dict__["session_token"] = token

    def get_id(self) -> str:
        """What the cookie carries: the token of one session, never the account's number."""
        return str(self.__dict__["session_token"])


_accounts = table(Account)
_INSERT = insert(_accounts).returning(_accounts.c.id)
_SET_PASSWORD = update(_accounts).where(_accounts.c.id == bindparam("account_id"))
_OWNER = select(exists().where(_accounts.c.role == "owner"))


def create_account(tx: Connection, *, name: str, password_hash: str, role: str = "buyer", now: int) -> int:
    """Add an account and return its id. The password arrives hashed: hashing takes too long for a transaction."""
    values = {"name": name, "role": role, "password_hash": password_hash, "created_at": now}
    return tx.execute(_INSERT, values).scalar_one()


def set_password(tx: Connection, account_id: int, password_hash: str) -> None:
    tx.execute(_SET_PASSWORD, {"account_id": account_id, "password_hash": password_hash})


def owner_exists(connection: Connection) -> bool:
    return bool(connection.execute(_OWNER).scalar())
