"""What one person earned: each row with its order, its rule, and why it waits or was taken back."""

from collections.abc import Sequence

from flask import Blueprint, Response, request
from sqlalchemy import select

from app import referral, settlement, web
from app.admin import labels
from app.admin.nodes import node_or_404
from app.admin.search import asked_order
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db
from app.orders import Order, OrderLine
from app.referral import Commission

pages = Blueprint("commissions", __name__, url_prefix="/nodes/<pid>/commissions")


@pages.get("", endpoint="index")
def index(pid: str) -> Response:
    node, state = node_or_404(pid), asked_state()
    name = f"admin.commissions.{node.pid}"
    ids = [part.id for part in referral.parts_of(db.session, node.id)]
    number, order_id = asked_order()
    found, last_id = referral.list_earned(db.session, ids, state=state, order_id=order_id, before=read_cursor(name))
    shown = [one.id for one in found]
    return web.page_or_partial(
        "admin/commissions/index.html",
        "admin/commissions/_rows.html",
        node=node,
        state=state,
        number=number,
        shares=found,
        sold=sold_by(found),
        causes=settlement.causes_of(db.session, shown),
        cases=settlement.cases_of(db.session, shown),
        labels=labels,
        following=write_cursor(name, last_id),
    )


def asked_state() -> str | None:
    """The state that the list is narrowed to."""
    state = request.args.get("state")
    return state if state in labels.COMMISSION_STATES else None


def sold_by(shares: Sequence[Commission]) -> dict[int, AnyRow]:
    """line id -> title, and number of the order."""
    statement = select(OrderLine.id, OrderLine.title, Order.number).join(Order, Order.id == OrderLine.order_id)
    rows = db.session.execute(statement.where(OrderLine.id.in_([share.line_id for share in shares])))
    return {row.id: row for row in rows}
