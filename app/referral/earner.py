"""Who earned by an order, or under a name of the ledger: for whoever tells them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, text

from app.db import AnyRow, Reader
from app.referral.tally import SHANGHAI_OFFSET_SECONDS

_EARNERS = text(
    "SELECT DISTINCT node.account_id FROM commission JOIN node ON node.id = commission.payee_id "
    "WHERE commission.order_id = :order_id AND commission.net_fen > 0 AND node.account_id IS NOT NULL"
)
_EARNED = text(
    "SELECT commission.level, sum(commission.net_fen) AS net_fen, max(commission.mature_at) AS mature_at "
    "FROM commission JOIN node ON node.id = commission.payee_id "
    "WHERE commission.order_id = :order_id AND node.account_id = :account_id GROUP BY commission.level ORDER BY level"
)
_BY_PIDS = text("SELECT DISTINCT account_id FROM node WHERE pid IN :pids AND account_id IS NOT NULL").bindparams(
    bindparam("pids", expanding=True)
)


def earners_of_order(connection: Reader, order_id: int) -> list[int]:
    """The accounts that earn by an order."""
    return list(connection.execute(_EARNERS, {"order_id": order_id}).scalars())


def earned_by(connection: Reader, order_id: int, account_id: int) -> list[AnyRow]:
    """What an account earns by an order, a row a level: level, net_fen, mature_at."""
    return list(connection.execute(_EARNED, {"order_id": order_id, "account_id": account_id}))


def accounts_of_pids(connection: Reader, pids: Sequence[str]) -> list[int]:
    """The accounts behind nodes, as the ledger names them; guests have none."""
    return list(connection.execute(_BY_PIDS, {"pids": pids}).scalars())


def end_of_day(day: int) -> int:
    """The first instant after a day in Shanghai, counted from 1970."""
    return (day + 1) * 86400 - SHANGHAI_OFFSET_SECONDS
