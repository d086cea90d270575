"""The causes that a person is told: why commission waits, why some of it was taken back, and since when something is owed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from app.db import Reader, table
from app.referral import Commission
from app.settlement.freeze import Freeze
from app.settlement.reversal import Reversal

_freezes = table(Freeze)
_reversals = table(Reversal)
_rows = table(Commission)


def causes_of(connection: Reader, commission_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """commission id -> kind -> number of what keeps it frozen now: a 'dispute', 'flag', 'suspension' or 'ban'."""
    open = _freezes.c.commission_id.in_(commission_ids) & _freezes.c.lifted_at.is_(None)
    return _grouped(connection, _freezes.c.commission_id, _freezes.c.cause, open)


def cases_of(connection: Reader, commission_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """commission id -> kind -> number of what took some of it back: a 'refund', 'flag' or 'fraud'. What ran out has none."""
    return _grouped(
        connection, _reversals.c.commission_id, _reversals.c.case, _reversals.c.commission_id.in_(commission_ids)
    )


def owing_since(connection: Reader, payee_ids: Sequence[int]) -> int | None:
    """When something that was taken back became a debt of these payees last."""
    grew = select(func.max(_reversals.c.happened_at)).join(_rows, _rows.c.id == _reversals.c.commission_id)
    newest: int | None = connection.execute(
        grew.where(_rows.c.payee_id.in_(payee_ids), _reversals.c.debt_fen > 0)
    ).scalar()
    return newest


def _grouped(
    connection: Reader, id: ColumnElement[int], cause: ColumnElement[str], wanted: ColumnElement[bool]
) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(select(id.label("id"), cause.label("cause")).where(wanted).order_by(id, cause)):
        kind, _colon, number = row.cause.partition(":")
        found.setdefault(row.id, {})[kind] = number
    return found
