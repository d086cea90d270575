"""What was delivered, as a plain file to keep."""

from flask import Blueprint, Response, abort, make_response

from app import delivery, orders
from app.db import db
from app.storefront.orders import open_or_404

pages = Blueprint("goods", __name__)


@pages.get("/orders/<number>/goods.txt", endpoint="show")
def show(number: str) -> Response:
    order = open_or_404(number)
    parcel = delivery.open_parcel(db.session, order)
    if parcel is None or not sum(orders.refundable(db.session, order.id).values()):
        abort(404)
    response = make_response(parcel.text + "\n")
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.txt"'
    return response
