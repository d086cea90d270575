"""Who a person in the network is: the name and the masked contact of the account behind a public id; a guest has neither."""

from collections.abc import Iterable

from sqlalchemy import select

from app import accounts
from app.db import db
from app.referral import Node


def faces(pids: Iterable[str]) -> dict[str, str]:
    """public id -> "Lin · l…n@example.com"; nothing for a guest. One statement, however many."""
    wanted = select(Node.pid, *accounts.FACE).join(accounts.Account, accounts.Account.id == Node.account_id)
    wanted = wanted.outerjoin(accounts.Identity, accounts.Identity.account_id == Node.account_id)
    rows = db.session.execute(wanted.where(Node.pid.in_(set(pids))).order_by(accounts.Identity.id.desc()))
    found = {row.pid: accounts.face(row.id, row.name, row.role, row.Identity) for row in rows}
    return {pid: " · ".join(filter(None, (face.name, face.contact))) for pid, face in found.items()}
