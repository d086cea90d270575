"""A compliance report: how the network stood in one month, counted by the worker and kept with what it was counted from (1.16)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Connection, Index, String, Text, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import DAY
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.referral.tally import SHANGHAI_OFFSET_SECONDS

WHOLE_BPS = 10_000
# Where a tree with so many people on so many levels is looked at as a crime (1.16).
TREE_PEOPLE, TREE_LEVELS = 30, 3
_PERIOD = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
_WAITS = text("made_at IS NULL")


class ComplianceReport(Model):
    """A month that somebody asked for, or that was due; `inputs` are the sums it was made from, as JSON."""

    __tablename__ = "compliance_report"
    __table_args__ = (
        Index("uq_compliance_report_waiting", "period", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_compliance_report_period", "period", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    period: Mapped[str] = mapped_column(String(7))
    asked_at: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[int | None] = mapped_column(BigInteger)
    inputs: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True)
class Report:
    """One month in figures: sums in fen and counts, and what they come to."""

    id: int
    period: str
    made_at: int
    orders: int
    gmv_fen: int
    never_promoting_fen: int
    own_use_fen: int
    level_1_fen: int
    level_2_fen: int
    level_2_payees: int
    earners: int
    top_earners: int
    top_fen: int
    participants: int
    with_downline: int
    trees_over: int
    tree_people: int
    tree_levels: int

    @property
    def commission_fen(self) -> int:
        return self.level_1_fen + self.level_2_fen

    @property
    def levels(self) -> int:
        """How many levels earned anything."""
        return (self.level_1_fen > 0) + (self.level_2_fen > 0)

    @property
    def never_promoting_bps(self) -> int | None:
        return _share(self.never_promoting_fen, self.gmv_fen)

    @property
    def own_use_bps(self) -> int | None:
        return _share(self.own_use_fen, self.gmv_fen)

    @property
    def commission_bps(self) -> int | None:
        return _share(self.commission_fen, self.gmv_fen)

    @property
    def top_bps(self) -> int | None:
        return _share(self.top_fen, self.commission_fen)

    @property
    def alerts(self) -> tuple[str, ...]:
        """'tree' and 'promoters', where either is so."""
        few = self.gmv_fen > 0 and self.never_promoting_fen * 2 < self.gmv_fen
        return tuple(name for name, holds in (("tree", self.trees_over > 0), ("promoters", few)) if holds)


_reports = table(ComplianceReport)
_INPUTS = tuple(name for name in Report.__dataclass_fields__ if name not in ("id", "period", "made_at"))


def _share(part_fen: int, whole_fen: int) -> int | None:
    return part_fen * WHOLE_BPS // whole_fen if whole_fen > 0 else None


def period_of(instant: int) -> str:
    """The month of an instant in Shanghai, such as "2026-11"."""
    return datetime.fromtimestamp(instant + SHANGHAI_OFFSET_SECONDS, UTC).strftime("%Y-%m")


def bounds_of(period: str) -> tuple[int, int]:
    """The first instant of a month in Shanghai, and the first after it."""
    year, month = int(period[:4]), int(period[5:])
    start = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return int(start.timestamp()) - SHANGHAI_OFFSET_SECONDS, int(end.timestamp()) - SHANGHAI_OFFSET_SECONDS


def ask_report(tx: Connection, period: str, now: int) -> bool:
    """Let the worker count a month; False when it is waited for already. Raises Refusal."""
    if not _PERIOD.fullmatch(period) or period > period_of(now):
        raise Refusal(N_("Please choose a month that has begun."), field="period")
    row = {"period": period, "asked_at": now, "inputs": ""}
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    asked = dialect.insert(_reports).values(**row).on_conflict_do_nothing().returning(_reports.c.id)
    return tx.execute(asked).first() is not None


def due_periods(connection: Reader, now: int) -> list[str]:
    """The months to count now: those asked for, the present one once a day, and the last one once it is over."""
    asked = set(connection.execute(select(_reports.c.period).where(_reports.c.made_at.is_(None))).scalars())
    present = period_of(now)
    last = period_of(bounds_of(present)[0] - 1)
    newest = select(_reports.c.period, func.max(_reports.c.made_at).label("made_at")).where(
        _reports.c.period.in_((present, last))
    )
    made = {row.period: row.made_at for row in connection.execute(newest.group_by(_reports.c.period))}
    if (made.get(present) or 0) <= now - DAY:
        asked.add(present)
    if (made.get(last) or 0) < bounds_of(last)[1]:
        asked.add(last)
    return sorted(asked)


def keep_report(tx: Connection, period: str, inputs: Mapping[str, int], now: int) -> tuple[Report, tuple[str, ...]]:
    """Keep what was counted, and say which alerts it brings that the report before did not have."""
    before = newest_report(tx)
    written = json.dumps({name: int(inputs[name]) for name in _INPUTS}, sort_keys=True)
    waiting = (_reports.c.period == period) & _reports.c.made_at.is_(None)
    made = _reports.update().where(waiting).values(made_at=now, inputs=written).returning(_reports.c.id)
    report_id = tx.execute(made).scalar()
    if report_id is None:
        row = {"period": period, "asked_at": now, "made_at": now, "inputs": written}
        report_id = tx.execute(insert(_reports).returning(_reports.c.id), row).scalar_one()
    report = find_report(tx, report_id)
    assert report is not None, "it was written a moment ago"
    known = before.alerts if before else ()
    return report, tuple(alert for alert in report.alerts if alert not in known)


def _read(row: AnyRow | None) -> Report | None:
    if row is None:
        return None
    inputs = json.loads(row.inputs)
    return Report(row.id, row.period, row.made_at, **{name: inputs[name] for name in _INPUTS})


def find_report(connection: Reader, report_id: int) -> Report | None:
    made = _reports.c.made_at.is_not(None)
    return _read(connection.execute(select(_reports).where(_reports.c.id == report_id, made)).first())


def newest_report(connection: Reader) -> Report | None:
    """The report that was made last of the latest month."""
    newest = select(_reports).where(_reports.c.made_at.is_not(None))
    return _read(connection.execute(newest.order_by(_reports.c.period.desc(), _reports.c.id.desc()).limit(1)).first())


def report_of(connection: Reader, period: str) -> Report | None:
    """What was counted last of a month."""
    mine = select(_reports).where(_reports.c.period == period, _reports.c.made_at.is_not(None))
    return _read(connection.execute(mine.order_by(_reports.c.id.desc()).limit(1)).first())


def list_periods(connection: Reader, limit: int = 24) -> list[str]:
    """The months of which there is a report, the latest first."""
    found = select(_reports.c.period).where(_reports.c.made_at.is_not(None)).distinct()
    return list(connection.execute(found.order_by(_reports.c.period.desc()).limit(limit)).scalars())


def waiting_periods(connection: Reader) -> list[str]:
    """The months that somebody asked for and that are not counted yet."""
    found = select(_reports.c.period).where(_reports.c.made_at.is_(None)).order_by(_reports.c.period)
    return list(connection.execute(found).scalars())


def compliance_alerts(connection: Reader) -> tuple[str, ...]:
    """The alerts of the newest report, for whoever shows what needs a hand: one row is read."""
    report = newest_report(connection)
    return report.alerts if report else ()
