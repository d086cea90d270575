"""Tallies: what is shown as a figure is kept as a figure, so that no page adds up a distributor's whole life."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.statement import Statement

SHANGHAI_OFFSET_SECONDS = 8 * 3600


class Tally(Model):
    """What one buyer brought one payee at one level."""

    __tablename__ = "tally"

    payee_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    orders: Mapped[int] = mapped_column(Integer)
    gross_fen: Mapped[int] = mapped_column(BigInteger)


class EarningDay(Model):
    """What one payee earned on one day (days since 1970 in Asia/Shanghai) at one level."""

    __tablename__ = "earning_day"

    payee_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    gross_fen: Mapped[int] = mapped_column(BigInteger)


_TALLY = Statement(
    "INSERT INTO tally (payee_id, buyer_id, level, orders, gross_fen) VALUES (:payee_id, :buyer_id, :level, 1, :gross_fen) "
    "ON CONFLICT (payee_id, buyer_id, level) DO UPDATE "
    "SET orders = tally.orders + 1, gross_fen = tally.gross_fen + excluded.gross_fen"
)
_DAY = Statement(
    "INSERT INTO earning_day (payee_id, day, level, gross_fen) VALUES (:payee_id, :day, :level, :gross_fen) "
    "ON CONFLICT (payee_id, day, level) DO UPDATE SET gross_fen = earning_day.gross_fen + excluded.gross_fen"
)


def day_of(instant: int) -> int:
    """The day of an instant in Asia/Shanghai, counted from 1970; that zone has had no summer time since 1991."""
    return (instant + SHANGHAI_OFFSET_SECONDS) // 86400


def tally(tx: Connection, rows: Sequence[dict[str, Any]], now: int) -> None:
    """Add one order's commission (rows of payee_id, buyer_id, level, gross_fen, one a level) to the figures."""
    _TALLY.run_many(tx, rows)
    _DAY.run_many(tx, [row | {"day": day_of(now)} for row in rows])


_TAKE_TALLY = Statement(
    "UPDATE tally SET gross_fen = gross_fen - :fen WHERE payee_id = :payee_id AND buyer_id = :buyer_id AND level = :level"
)
_TAKE_DAY = Statement(
    "UPDATE earning_day SET gross_fen = gross_fen - :fen WHERE payee_id = :payee_id AND day = :day AND level = :level"
)


def untally(tx: Connection, share: Any, fen: int) -> None:
    """Take what a refund took back (or gave again, where negative) out of the figures of the day on which it was earned."""
    row = {"payee_id": share.payee_id, "level": share.level, "fen": fen}
    _TAKE_TALLY.run(tx, row | {"buyer_id": share.buyer_id})
    _TAKE_DAY.run(tx, row | {"day": day_of(share.created_at)})
