"""Statements of providers, held against our payments: what differs is listed, and nothing is booked."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import FileField, SelectField

from app import clock, payments, web
from app.admin import labels
from app.admin.forms import put_beside
from app.cursor import read_cursor, write_cursor
from app.db import db, transaction
from app.errors import N_, Refusal
from app.fields import Form
from app.noting import Line, noted
from app.payments import MOST_BILL_BYTES

pages = Blueprint("bills", __name__, url_prefix="/statements")
# The token, the boundaries and the headers of a form.
AROUND_BYTES = 64 * 1024


class BillForm(Form):
    channel = SelectField(lazy_gettext("Payment channel"))
    file = FileField(lazy_gettext("Statement (CSV)"), render_kw={"accept": ".csv,text/csv,text/plain"})


@pages.url_value_preprocessor
def _make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before the csrf guard reads the form, which a before_request would come too late for.
    request.max_content_length = MOST_BILL_BYTES + AROUND_BYTES


@pages.get("", endpoint="index")
def index() -> Response:
    return _page(_form(new=True))


def _form(*, new: bool = False) -> BillForm:
    form = BillForm(formdata=None) if new else BillForm()
    form.channel.choices = [(channel.slug, channel.name) for channel in payments.list_channels(db.session)]
    return form


def _page(form: BillForm, status: int = 200) -> Response:
    found, last_id = payments.list_bills(db.session, before=read_cursor("admin.bills"))
    page = render_template(
        "admin/bills/index.html", form=form, bills=found, following=write_cursor("admin.bills", last_id)
    )
    return make_response(page, status)


@pages.post("", endpoint="create")
def create() -> Response:
    """Compare a statement with the payments of its channel."""
    form = _form()
    if form.validate_on_submit():
        try:
            return web.go(url_for("admin.bills.show", bill_id=_compare(form.channel.data)))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(form, 422)


def _compare(slug: str) -> int:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal(N_("Please choose a file."), "file")
    with sent.stream as stream:
        bill = payments.read_bill(stream.read(MOST_BILL_BYTES + 1))
    channel = payments.channel_by_slug(db.session, slug)
    assert channel is not None
    differences = payments.compare(db.session, channel.id, bill)
    name = "".join(one for one in sent.filename if one.isprintable())
    actor = f"account:{current_user.id}"
    said = Line(
        "bill.create", lambda bill_id: f"bill:{bill_id}", now={"channel": slug, "differences": len(differences)}
    )
    return transaction(
        noted(said, payments.keep_bill), channel.id, name, bill, differences, actor=actor, now=clock.now()
    )


@pages.get("/<int(max=2147483647):bill_id>", endpoint="show")
def show(bill_id: int) -> str:
    row = payments.find_bill(db.session, bill_id)
    if row is None:
        abort(404)
    found, last_id = payments.differences_of(db.session, bill_id, before=read_cursor("admin.bill"))
    return render_template(
        "admin/bills/show.html",
        bill=row.Bill,
        channel_name=row.channel_name,
        differences=found,
        following=write_cursor("admin.bill", last_id),
        labels=labels,
    )
