"""An account: somebody who can log in, as a buyer, or as one of those who run the shop."""

from dataclasses import dataclass

from flask_login import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, Connection, String, bindparam, exists, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, table

# Who stands at the merchant's desk, and who decides disputes at one of their own.
DESK_ROLES = ("owner", "manager", "support", "finance")
STAFF_ROLES = (*DESK_ROLES, "arbitrator")
# What those take turns on who could bring the first owner into being, or undo what is there before.
FIRST_OWNER = "the first owner"


@dataclass(frozen=True)
class Login:
    """A session as a request sees it: its token and number, when whoever holds it last showed who they are, and whether the
    account has a second factor."""

    token: str
    session_id: int
    proved_at: int
    is_guarded: bool


class Account(UserMixin, Model):
    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('buyer', 'owner', 'manager', 'support', 'finance', 'arbitrator')", name="role"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10), default="buyer")
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int] = mapped_column(BigInteger)
    disabled_at: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def is_owner(self) -> bool:
        """Whether everything is open, keys and people too."""
        return self.role == "owner"

    @property
    def is_staff(self) -> bool:
        """Whether the merchant's desk is open; what of it, app/admin/permissions.py says."""
        return self.role in DESK_ROLES

    @property
    def is_arbitrator(self) -> bool:
        """Whether the desk of disputes is open, and no other."""
        return self.role == "arbitrator"

    def remember(self, login: Login) -> None:
        """Note through which session this visitor is logged in; it is no column."""
        self.__dict__["login"] = login

    @property
    def login(self) -> Login:
        """The session through which this visitor is logged in."""
        login: Login = self.__dict__["login"]
        return login

    def get_id(self) -> str:
        """What the cookie carries: the token of one session, never the account's number."""
        return self.login.token


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


def erase_account(tx: Connection, account_id: int, now: int) -> None:
    """Leave nothing of an account but its number: nobody logs in by it again (1.21)."""
    values = {"name": "", "password_hash": "", "disabled_at": now}
    tx.execute(_SET_PASSWORD.values(**values), {"account_id": account_id})
