"""The merchant's way to orders: newest first, by state, by number or by the blind index of a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, select

from app.db import AnyRow, Reader, Session, table
from app.orders.line import OrderLine
from app.orders.order import Order
from app.orders.refund import Refund
from app.referral import Attribution

PAGE_SIZE = 20
STATES = ("pending", "paid", "expired", "cancelled")
# What a list can be narrowed to beside the states: paid and not handed over; refunded, whole or in part.
UNDELIVERED, REFUNDED = "undelivered", "refunded"
_BUYERS = (
    "id",
    "node_id",
    "account_id",
    "contact_index",
    "person_index",
    "device_hash",
    "total_fen",
    "paid_at",
)
_orders = table(Order)


@dataclass(frozen=True)
class Lead:
    """Rows of another table that lead a search, one an order: the column by which they name it, and which rows."""

    table: Any
    order_id: SQLColumnExpression[int]
    rows: ColumnElement[bool]


@dataclass(frozen=True)
class Wanted:
    """What the merchant looks for; what is None does not narrow. `since` and `until` are instants, the second one left out."""

    state: str | None = None
    number: str | None = None
    contact_index: bytes | None = None
    order_id: int | None = None
    product_id: int | None = None
    since: int | None = None
    until: int | None = None
    # The nodes of whoever brought it, and what another room knows of it.
    upline_ids: Sequence[int] | None = None
    lead: Lead | None = None

    @property
    def leads(self) -> list[Lead]:
        """What the search goes along, the narrowest first."""
        found = [self.lead] if self.lead is not None else []
        if self.upline_ids is not None:
            ids, l1_id = self.upline_ids, Attribution.__table__.c.l1_id
            # One by one its index has them in order.
            rows = l1_id == ids[0] if len(ids) == 1 else l1_id.in_(ids)
            found.insert(0, Lead(Attribution, Attribution.__table__.c.order_id, rows))
        if self.product_id is not None:
            columns = OrderLine.__table__.c
            found.insert(0, Lead(OrderLine, columns.order_id, columns.product_id == self.product_id))
        return found


def search_orders(
    session: Session, wanted: Wanted = Wanted(), *, before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Order], int | None]:
    """One page of orders, newest first, and the cursor of the next page if there is one."""
    statement, order_id = _narrowed(wanted)
    if before is not None:
        # Said of both sides, so that neither is read from its newest end on.
        statement = statement.where(order_id < before, Order.id < before)
    found = list(session.scalars(statement.order_by(order_id.desc()).limit(limit + 1)))
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


def _narrowed(wanted: Wanted) -> tuple[Select[Any], SQLColumnExpression[int]]:
    """The statement, and the column by which its pages are turned: that of the index that leads through it."""
    statement: Select[Any] = select(Order)
    order_id: SQLColumnExpression[int] = Order.__table__.c.id
    for lead in reversed(wanted.leads):
        order_id = lead.order_id
        statement = statement.join(lead.table, order_id == Order.id).where(lead.rows)
    if wanted.state == UNDELIVERED:
        statement = statement.where(Order.state == "paid", Order.delivered_at.is_(None))
    elif wanted.state == REFUNDED:
        statement = statement.where(exists().where(Refund.order_id == Order.id))
    elif wanted.state is not None:
        statement = statement.where(Order.state == wanted.state)
    for column, value in (
        (Order.number, wanted.number),
        (Order.contact_index, wanted.contact_index),
        (Order.id, wanted.order_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.since is not None:
        statement = statement.where(Order.created_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(Order.created_at < wanted.until)
    return statement, order_id


def find_order(session: Session, number: str) -> Order | None:
    """The order with `number`, for the merchant; buyers have to show its secret."""
    return session.scalar(select(Order).where(Order.number == number))


def id_of_number(connection: Reader, number: str) -> int | None:
    """The id of the order with this number."""
    found: int | None = connection.execute(select(_orders.c.id).where(_orders.c.number == number)).scalar()
    return found


def orders_by_id(session: Session, order_ids: Sequence[int]) -> dict[int, Order]:
    """order id -> order."""
    return {order.id: order for order in session.scalars(select(Order).where(Order.id.in_(order_ids)))}


def paid_order(connection: Reader, number: str) -> AnyRow | None:
    """id, node_id, account_id, contact_index, person_index, device_hash, total_fen and paid_at of the paid order with `number`."""
    found = select(*(_orders.c[name] for name in _BUYERS)).where(_orders.c.number == number, _orders.c.state == "paid")
    return connection.execute(found).first()


def lines_by_order(session: Session, order_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
    """order id -> its lines."""
    lines: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for line in session.scalars(select(OrderLine).where(OrderLine.order_id.in_(order_ids)).order_by(OrderLine.id)):
        lines[line.order_id].append(line)
    return lines
