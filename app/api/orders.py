"""An order as webhooks tell of it, with its state and the contact masked. Codes and keys are not in it."""

from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify

from app import accounts, orders, trade
from app.db import db

pages = Blueprint("orders", __name__, url_prefix="/orders")


@pages.get("/<number>", endpoint="show")
def show(number: str) -> Response:
    order = orders.find_order(db.session, number) or abort(404)
    facts = asdict(trade.relate(db.session, "order.paid", str(order.id)).order)
    contact = accounts.mask_contact(order.contact) if order.contact_sealed else None
    return jsonify(facts | {"state": order.state, "created_at": order.created_at, "contact": contact})
