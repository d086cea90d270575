"""Commission: one row for each line and level, with the rule, rate and base that explain it (distribution 1.2, 1.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, table
from app.referral.split import Applied
from app.referral.tally import tally
from app.statement import Statement

_DUE = text("due_at IS NOT NULL")
_HELD = text("matured_fen < net_fen")
_REDUCED = text("net_fen < gross_fen")
_FROZEN = text("freezes > 0")


class Commission(Model):
    __tablename__ = "commission"
    __table_args__ = (
        UniqueConstraint("line_id", "level"),
        CheckConstraint("level IN (1, 2)", name="level"),
        CheckConstraint("payee_id <> buyer_id", name="payee"),
        CheckConstraint("gross_fen > 0 AND net_fen BETWEEN 0 AND gross_fen", name="net"),
        CheckConstraint("(rate_bps IS NULL) <> (fixed_fen IS NULL)", name="rule"),
        CheckConstraint(
            "matured_fen >= 0 AND frozen_held_fen >= 0 AND frozen_matured_fen >= 0 "
            "AND matured_fen + frozen_held_fen + frozen_matured_fen <= net_fen",
            name="parts",
        ),
        Index("ix_commission_payee", "payee_id", "id"),
        Index("ix_commission_due", "payee_id", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_commission_held", "payee_id", "id", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_commission_reduced", "payee_id", sqlite_where=_REDUCED, postgresql_where=_REDUCED),
        Index("ix_commission_frozen", "payee_id", "id", sqlite_where=_FROZEN, postgresql_where=_FROZEN),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"))
    level: Mapped[int] = mapped_column(Integer)
    payee_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    base_fen: Mapped[int] = mapped_column(BigInteger)
    rule: Mapped[str] = mapped_column(String(40))
    rate_bps: Mapped[int | None] = mapped_column(Integer)
    # What the rule gave where it was no rate: a fixed amount, or what a guard left of one.
    fixed_fen: Mapped[int | None] = mapped_column(BigInteger)
    gross_fen: Mapped[int] = mapped_column(BigInteger)
    net_fen: Mapped[int] = mapped_column(BigInteger)
    matured_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    frozen_held_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    frozen_matured_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    # At most this much stays, whatever the refunds leave: set when fraud was found, or unused rights are forfeited.
    cap_fen: Mapped[int | None] = mapped_column(BigInteger)
    # Refunds that came so late that the shop bears them.
    borne_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    # Net sales that count for the payee's tier, once the row has matured whole.
    counted_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    # How many causes (a dispute, a suspension ...) keep the row frozen.
    freezes: Mapped[int] = mapped_column(Integer, default=0)
    mature_at: Mapped[int] = mapped_column(BigInteger)
    # When some of it became available last.
    matured_at: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger, default=1)
    created_at: Mapped[int] = mapped_column(BigInteger)

    @property
    def state(self) -> str:
        """held / partial / available / reversed, derived as distribution 1.9 says, with frozen laid over."""
        if self.net_fen == 0:
            return "reversed"
        if self.freezes:
            return "frozen"
        if self.matured_fen == 0:
            return "held"
        return "available" if self.matured_fen == self.net_fen else "partial"


@dataclass(frozen=True)
class Earning:
    """What a payee earns at one level of one line, to be booked."""

    line_id: int
    payee_id: int
    base_fen: int
    applied: Applied
    mature_at: int


_commissions = table(Commission)
_INSERT = Statement(
    "INSERT INTO commission (order_id, line_id, level, payee_id, buyer_id, base_fen, rule, rate_bps, fixed_fen, gross_fen, net_fen, "
    "matured_fen, frozen_held_fen, frozen_matured_fen, borne_fen, counted_fen, freezes, mature_at, due_at, version, created_at) "
    "VALUES (:order_id, :line_id, :level, :payee_id, :buyer_id, :base_fen, :rule, :rate_bps, :fixed_fen, :gross_fen, :gross_fen, "
    "0, 0, 0, 0, 0, 0, :mature_at, :mature_at, 1, :created_at)"
)
_ACCRUED = Statement("SELECT id FROM commission WHERE order_id = :order_id LIMIT 1")


def book_commission(
    tx: Connection, order_id: int, buyer_id: int, earnings: Sequence[Earning], now: int
) -> dict[int, int]:
    """Write the rows and the tallies. Returns payee id -> fen, for the ledger. The unique key keeps a row from coming twice."""
    shared: dict[str, Any] = {"order_id": order_id, "buyer_id": buyer_id, "created_at": now}
    rows: list[dict[str, Any]] = [
        shared
        | {
            "line_id": earning.line_id,
            "level": earning.applied.level,
            "payee_id": earning.payee_id,
            "base_fen": earning.base_fen,
            "rule": earning.applied.rule,
            "rate_bps": earning.applied.rate_bps,
            "fixed_fen": earning.applied.fixed_fen,
            "gross_fen": earning.applied.gross_fen,
            "mature_at": earning.mature_at,
        }
        for earning in earnings
    ]
    _INSERT.run_many(tx, rows)
    held: dict[int, int] = {}
    levels: dict[tuple[int, int], int] = {}
    for earning in earnings:
        held[earning.payee_id] = held.get(earning.payee_id, 0) + earning.applied.gross_fen
        key = (earning.payee_id, earning.applied.level)
        levels[key] = levels.get(key, 0) + earning.applied.gross_fen
    tally(
        tx,
        [
            {"payee_id": payee_id, "buyer_id": buyer_id, "level": level, "gross_fen": gross_fen}
            for (payee_id, level), gross_fen in sorted(levels.items())
        ],
        now,
    )
    return held


def accrued(tx: Connection, order_id: int) -> bool:
    """Whether the order has commission rows."""
    return _ACCRUED.run(tx, {"order_id": order_id}).first() is not None
