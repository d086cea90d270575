"""The end of an order that nobody paid: the merchant cancels it, after a page said what goes back to the shelf."""

from flask import Blueprint, Response, make_response, render_template, url_for

from app import orders, payments, trade, web
from app.admin.forms import put_beside
from app.admin.order_forms import CancellationForm
from app.admin.orders import cards_of, order_or_404
from app.db import db, transaction
from app.errors import Refusal
from app.noting import Line, noted
from app.orders import Order

pages = Blueprint("cancellations", __name__, url_prefix="/orders/<number>/cancellation")


@pages.get("/new", endpoint="new")
def new(number: str) -> Response:
    return _page(order_or_404(number), CancellationForm(formdata=None))


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = CancellationForm()
    if form.validate_on_submit():
        said = Line(
            "cancellation.create",
            f"order:{number}",
            was={"state": order.state},
            now={"state": "cancelled"},
            reason=form.reason.data or "",
        )
        try:
            transaction(noted(said, trade.cancel), order.id)
            return web.go(url_for("admin.orders.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(order_or_404(number), form, 422)


def _page(order: Order, form: CancellationForm, status: int = 200) -> Response:
    claim = payments.claim_of_order(db.session, order.id)
    page = render_template(
        "admin/cancellations/new.html",
        order=order,
        lines=orders.lines_of_order(db.session, order.id),
        codes=cards_of(order.id).get("reserved", 0),
        begun=payments.payments_of_order(db.session, order.id),
        claim=claim if claim and not claim.settled_at else None,
        form=form,
    )
    return make_response(page, status)
