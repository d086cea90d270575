"""Why an order earned whom what: its attribution and its commissions, for the merchant's eyes."""

from collections.abc import Sequence

from sqlalchemy import select

from app.db import AnyRow, Session
from app.referral.attribution import Attribution
from app.referral.commission import Commission
from app.referral.node import Node


def explain_order(session: Session, order_id: int) -> tuple[Attribution | None, Sequence[AnyRow]]:
    """The order's attribution, and (commission, payee's public id) for each line and level."""
    statement = select(Commission, Node.pid.label("payee_pid")).join(Node, Node.id == Commission.payee_id)
    shares = session.execute(
        statement.where(Commission.order_id == order_id).order_by(Commission.line_id, Commission.level)
    )
    return session.get(Attribution, order_id), shares.all()
