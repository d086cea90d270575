"""Those who run the shop: their roles, who is shut out, and that one owner is always left (guard, D08)."""

from sqlalchemy import Connection, select, update

from app.accounts.account import STAFF_ROLES, Account
from app.accounts.session import close_all_sessions
from app.accounts.ticket import void_invitations
from app.db import AnyRow, Reader, table, take_turns
from app.errors import N_, Refusal

_accounts = table(Account)
_STAFF = _accounts.c.role.in_(STAFF_ROLES)
_OWNERS = select(_accounts.c.id).where(_accounts.c.role == "owner", _accounts.c.disabled_at.is_(None))


class LastOwner(Refusal):
    """A shop without an owner is nobody's."""


def list_staff(connection: Reader) -> list[AnyRow]:
    """id, role, created_at and disabled_at of everybody who runs the shop, the first owner first."""
    columns = (_accounts.c[name] for name in ("id", "role", "created_at", "disabled_at"))
    return list(connection.execute(select(*columns).where(_STAFF).order_by(_accounts.c.id)))


def disable_account(tx: Connection, account_id: int, now: int) -> bool:
    """Shut an account out at once: its sessions end with this. False if it was out. Raises LastOwner."""
    _leave_an_owner(tx, account_id, N_("The last owner cannot be shut out."))
    living = (_accounts.c.id == account_id) & _accounts.c.disabled_at.is_(None)
    if tx.execute(update(_accounts).where(living).values(disabled_at=now)).rowcount != 1:
        return False
    close_all_sessions(tx, account_id)
    void_invitations(tx, now)
    return True


def enable_staff(tx: Connection, account_id: int) -> bool:
    """Let somebody who runs the shop in again. False if they were not shut out."""
    shut_out = (_accounts.c.id == account_id) & _STAFF & _accounts.c.disabled_at.is_not(None)
    return tx.execute(update(_accounts).where(shut_out).values(disabled_at=None)).rowcount == 1


def change_role(tx: Connection, account_id: int, role: str, now: int) -> bool:
    """Give somebody who runs the shop another role: they log in anew. False if they have it already. Raises LastOwner."""
    assert role in STAFF_ROLES
    if role != "owner":
        _leave_an_owner(tx, account_id, N_("The last owner stays the owner. Make somebody else one first."))
    other = (_accounts.c.id == account_id) & _STAFF & (_accounts.c.role != role)
    if tx.execute(update(_accounts).where(other).values(role=role)).rowcount != 1:
        return False
    close_all_sessions(tx, account_id)
    void_invitations(tx, now)
    return True


def _leave_an_owner(tx: Connection, account_id: int, sentence: str) -> None:
    # Two owners who shut each other out at once take turns here, and the second one finds the first gone.
    take_turns(tx, "owners")
    if list(tx.execute(_OWNERS).scalars()) == [account_id]:
        raise LastOwner(sentence)
