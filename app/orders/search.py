"""The merchant's way to orders: newest first, by state, by number or by the blind index of a contact."""

from collections.abc import Sequence

from sqlalchemy import select

from app.db import AnyRow, Reader, Session, table
from app.orders.line import OrderLine
from app.orders.order import Order

PAGE_SIZE = 20
STATES = ("pending", "paid", "expired", "cancelled")
# Undelivered orders are looked for among the latest paid ones only, so that the search costs the same at a million.
LOOK_BACK = 500
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


def search_orders(
    session: Session,
    *,
    state: str | None = None,
    number: str | None = None,
    contact_index: bytes | None = None,
    before: int | None = None,
) -> tuple[list[Order], int | None]:
    """One page of orders, newest first, and the cursor of the next page if there is one."""
    statement = select(Order).order_by(Order.id.desc()).limit(PAGE_SIZE + 1)
    for column, wanted in ((Order.state, state), (Order.number, number), (Order.contact_index, contact_index)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(Order.id < before)
    found = list(session.scalars(statement))
    page = found[:PAGE_SIZE]
    return page, page[-1].id if len(found) > PAGE_SIZE else None


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


def list_undelivered(session: Session, limit: int) -> list[Order]:
    """Orders that are paid and wait for the merchant's hand."""
    latest = select(Order.id).where(Order.state == "paid").order_by(Order.id.desc()).limit(LOOK_BACK)
    statement = select(Order).where(Order.id.in_(latest), Order.delivered_at.is_(None))
    return list(session.scalars(statement.order_by(Order.id.desc()).limit(limit)))


def lines_by_order(session: Session, order_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
    """order id -> its lines."""
    lines: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for line in session.scalars(select(OrderLine).where(OrderLine.order_id.in_(order_ids)).order_by(OrderLine.id)):
        lines[line.order_id].append(line)
    return lines
