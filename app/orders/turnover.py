"""The shop's turnover, read from its figures: the last thirty days one by one, and today beside yesterday."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

from app.clock import HOUR
from app.db import Reader
from app.money import ratio_bps
from app.orders.figure import COLUMNS
from app.statement import Statement

DAYS = 30
# Shanghai is eight whole hours before UTC, and has had no summer time since 1991.
_OFFSET_HOURS = 8
_HOURS = 24


@dataclass(frozen=True)
class Turnover:
    """What some hours come to."""

    placed_paid: int = 0
    placed_unpaid: int = 0
    paid_orders: int = 0
    sold_fen: int = 0
    refunded_fen: int = 0
    known_fen: int = 0
    known_refunded_fen: int = 0
    cost_fen: int = 0

    @property
    def net_fen(self) -> int:
        return self.sold_fen - self.refunded_fen

    @property
    def profit_fen(self) -> int:
        """Where the cost is known: sales less refunds and cost, before commission and fees."""
        return self.known_fen - self.known_refunded_fen - self.cost_fen

    @property
    def known_bps(self) -> int | None:
        """For what share of the sales the cost is known."""
        return ratio_bps(self.known_fen, self.sold_fen)

    @property
    def conversion_bps(self) -> int | None:
        """Of the orders that were placed and have ended: how many were paid."""
        return ratio_bps(self.placed_paid, self.placed_paid + self.placed_unpaid)


@dataclass(frozen=True)
class Overview:
    """`days` are (noon of the day, its turnover), the oldest first. `until` is the instant to which yesterday is compared."""

    today: Turnover
    yesterday_so_far: Turnover
    until: int
    days: list[tuple[int, Turnover]]
    month: Turnover
    month_before: Turnover


_SUMS = ", ".join(f"sum({one}) AS {one}" for one in COLUMNS)
_READ = Statement(
    "SELECT (hour + 8) / 24 AS day, CASE WHEN (hour + 8) % 24 <= :part THEN 1 ELSE 0 END AS so_far, "  # noqa: S608
    f"{_SUMS} FROM figure WHERE hour >= :first GROUP BY 1, 2"
)


def read_overview(connection: Reader, now: int) -> Overview:
    """Sixty days of figures by one read of at most as many hours. Yesterday counts to the end of the hour that runs now."""
    hour = now // HOUR + _OFFSET_HOURS
    today, part = divmod(hour, _HOURS)
    first = (today - 2 * DAYS + 1) * _HOURS - _OFFSET_HOURS
    found: dict[int, list[Turnover]] = {}
    so_far = Turnover()
    for row in _READ.run(connection, {"part": part, "first": first}):
        turnover = Turnover(**{one: int(getattr(row, one)) for one in COLUMNS})
        found.setdefault(row.day, []).append(turnover)
        if row.day == today - 1 and row.so_far:
            so_far = turnover
    days = {day: _sum(found.get(day, ())) for day in range(today - 2 * DAYS + 1, today + 1)}
    month = list(days)[DAYS:]
    return Overview(
        today=days[today],
        yesterday_so_far=so_far,
        until=(now // HOUR + 1 - _HOURS) * HOUR,
        days=[(_noon(day), days[day]) for day in month],
        month=_sum(days[day] for day in month),
        month_before=_sum(days[day] for day in list(days)[:DAYS]),
    )


def _noon(day: int) -> int:
    return (day * _HOURS - _OFFSET_HOURS + 12) * HOUR


def _sum(parts: Iterable[Turnover]) -> Turnover:
    read = [attrgetter(field.name) for field in fields(Turnover)]
    parts = list(parts)
    return Turnover(*(sum(map(get, parts)) for get in read))
