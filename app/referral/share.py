"""A share: one commission row in the hands of an act that settles it. Rows change here and nowhere else (distribution 1.9)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import BindParameter, Connection, bindparam, select, text

from app.db import AnyRow, Reader, table
from app.money import WHOLE_BPS
from app.referral.commission import Commission
from app.referral.node import Node

_rows = table(Commission)
_nodes = table(Node)
_COLUMNS = (
    "id",
    "order_id",
    "line_id",
    "level",
    "payee_id",
    "buyer_id",
    "base_fen",
    "rate_bps",
    "fixed_fen",
    "gross_fen",
    "net_fen",
    "matured_fen",
    "frozen_held_fen",
    "frozen_matured_fen",
    "cap_fen",
    "borne_fen",
    "counted_fen",
    "freezes",
    "mature_at",
    "matured_at",
    "due_at",
    "version",
    "created_at",
)
_SELECT = select(*(_rows.c[name] for name in _COLUMNS), _nodes.c.pid).join(_nodes, _nodes.c.id == _rows.c.payee_id)
_SAVE = text(
    "UPDATE commission SET net_fen = :net_fen, matured_fen = :matured_fen, frozen_held_fen = :frozen_held_fen, "
    "frozen_matured_fen = :frozen_matured_fen, cap_fen = :cap_fen, borne_fen = :borne_fen, counted_fen = :counted_fen, "
    "freezes = :freezes, mature_at = :mature_at, matured_at = :matured_at, due_at = :due_at, version = version + 1 WHERE id = :id AND version = :version"
)


@dataclass
class Share:
    """One commission row. `held_fen` is what is neither matured nor frozen."""

    id: int
    order_id: int
    line_id: int
    level: int
    payee_id: int
    buyer_id: int
    base_fen: int
    rate_bps: int | None
    fixed_fen: int | None
    gross_fen: int
    net_fen: int
    matured_fen: int
    frozen_held_fen: int
    frozen_matured_fen: int
    cap_fen: int | None
    borne_fen: int
    counted_fen: int
    freezes: int
    mature_at: int
    matured_at: int | None
    due_at: int | None
    version: int
    created_at: int
    pid: str

    @property
    def held_fen(self) -> int:
        return self.net_fen - self.matured_fen - self.frozen_held_fen - self.frozen_matured_fen

    def net_after(self, refunded_fen: int) -> int:
        """What is left of the row when `refunded_fen` of its line's base went back: cumulative, so the path never matters."""
        # A base less the provider's fee is below what a whole refund gives back.
        left_fen = max(0, self.base_fen - refunded_fen)
        if self.fixed_fen is not None:
            net_fen = self.fixed_fen * left_fen // self.base_fen
        else:
            assert self.rate_bps is not None
            net_fen = left_fen * self.rate_bps // WHOLE_BPS
        if self.cap_fen is not None:
            net_fen = min(net_fen, self.cap_fen)
        return net_fen + self.borne_fen


def payees_of_lines(tx: Connection, line_ids: Sequence[int]) -> set[str]:
    """The public ids of everybody who earns on these lines; they never change."""
    found = select(_nodes.c.pid).join(_rows, _rows.c.payee_id == _nodes.c.id).where(_rows.c.line_id.in_(line_ids))
    return set(tx.execute(found.distinct()).scalars())


def lock_shares(
    tx: Connection, *, line_ids: Sequence[int] | None = None, ids: Sequence[int] | None = None
) -> list[Share]:
    """The rows of these lines, or with these ids, by id. The caller has locked their payees."""
    assert (line_ids is None) != (ids is None)
    wanted = _rows.c.line_id.in_(line_ids) if line_ids is not None else _rows.c.id.in_(ids or ())
    return _read(tx, wanted)


def _read(tx: Connection, wanted: object) -> list[Share]:
    statement = _SELECT.where(wanted).order_by(_rows.c.id).with_for_update(of=_rows)  # type: ignore[arg-type]
    rows: list[AnyRow] = list(tx.execute(statement))
    return [Share(**row._mapping) for row in rows]


def save_shares(tx: Connection, shares: Sequence[Share]) -> None:
    """Write changed rows back. It cannot happen that somebody was quicker: the payees are locked."""
    if not shares:
        return
    changed = tx.execute(_SAVE, [asdict(share) for share in shares]).rowcount
    assert changed == len(shares), "a commission row changed under its lock"


def ids_of_payee(tx: Connection, payee_id: int, available_fen: int) -> list[int]:
    """The payee's rows that a freeze of the person touches: those with something held or frozen, and the newest matured ones that
    cover what is available."""
    ids = set(tx.execute(_HELD_OF, {"payee_id": payee_id}).scalars())
    before = None
    while available_fen > 0:
        statement = _MATURED_OF if before is None else _MATURED_OF.where(_rows.c.id < before)
        page: list[AnyRow] = list(tx.execute(statement, {"payee_id": payee_id}))
        if not page:
            break
        for row in page:
            if available_fen > 0:
                ids.add(row.id)
                available_fen -= row.matured_fen
        before = page[-1].id
    return sorted(ids)


_PAYEE: BindParameter[int] = bindparam("payee_id")
_HELD_OF = select(_rows.c.id).where(
    _rows.c.payee_id == _PAYEE,
    text("matured_fen < net_fen"),
)
_MATURED_OF = (
    select(_rows.c.id, _rows.c.matured_fen)
    .where(_rows.c.payee_id == _PAYEE, _rows.c.matured_fen > 0)
    .order_by(_rows.c.id.desc())
    .limit(500)
)


def due_lines(connection: Reader, payee_ids: Sequence[int], now: int, limit: int) -> list[int]:
    """The lines on which something is due for these payees, found by the index of what is due and nothing else."""
    due = select(_rows.c.line_id).where(_rows.c.payee_id.in_(payee_ids), _rows.c.due_at <= now)
    return list(connection.execute(due.order_by(_rows.c.due_at).limit(limit)).scalars())


def ids_of_order(connection: Reader, order_id: int, payee_ids: Sequence[int] | None = None) -> list[int]:
    """The ids of the order's commission rows, of some payees only where `payee_ids` is given."""
    found = select(_rows.c.id).where(_rows.c.order_id == order_id)
    if payee_ids is not None:
        found = found.where(_rows.c.payee_id.in_(payee_ids))
    return list(connection.execute(found.order_by(_rows.c.id)).scalars())


def pids_of(tx: Connection, ids: Sequence[int]) -> set[str]:
    """The public ids of the payees of these rows."""
    found = select(_nodes.c.pid).join(_rows, _rows.c.payee_id == _nodes.c.id).where(_rows.c.id.in_(ids))
    return set(tx.execute(found.distinct()).scalars())
