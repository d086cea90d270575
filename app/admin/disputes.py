"""Disputes as the shop sees them: to answer, to offer, to concede, and to take a decision or appeal."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from app import accounts, clock, foreseeing, hearing, orders, settlement, trade, web
from app.admin import labels
from app.admin.search import words
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.errors import Refusal
from app.foreseeing import Foreseen
from app.noting import Line, noted
from app.settlement import Dispute

pages = Blueprint("disputes", __name__, url_prefix="/disputes")
pages.url_value_preprocessor(hearing.make_room)
SIDE = "shop"
# What is not closed, by what runs out first.
WAITING = "waiting"


@pages.get("", endpoint="index")
def index() -> Response:
    state, wanted = asked()
    found, last_id = listed(state, wanted, read_cursor("admin.disputes"))
    return web.page_or_partial(
        "admin/disputes/index.html",
        "admin/disputes/_rows.html",
        disputes=found,
        orders=orders.orders_by_id(db.session, [one.order_id for one in found if one.order_id]),
        state=state,
        words=wanted,
        now=clock.now(),
        labels=labels,
        following=write_cursor("admin.disputes", last_id),
        nobody_decides=not any(
            one.role == "arbitrator" and one.disabled_at is None for one in accounts.list_staff(db.session)
        ),
    )


def asked() -> tuple[str, str]:
    """The state and the words that the list's address asks for; what is searched for by number may be closed."""
    wanted = words(40)
    return request.args.get("state", "all" if wanted else WAITING), wanted


def listed(state: str, wanted: str, before: int | None) -> tuple[list[Dispute], int | None]:
    """One page of the disputes in a state, or of those that a number names, and the cursor of the next page."""
    if wanted:
        return [one for one in named(wanted.upper()) if state in ("all", one.state, one.is_open and WAITING)], None
    if state == WAITING:
        return settlement.list_by_clock(db.session, after=before)
    states = (state,) if state in settlement.STATES_OF_DISPUTE else ()
    return settlement.list_disputes(db.session, states=states, before=before)


def named(number: str) -> list[Dispute]:
    """The dispute with this number, or those over the order with it."""
    order = orders.find_order(db.session, number)
    if order is not None:
        return settlement.disputes_of_order(db.session, order.id)
    one = settlement.dispute_by_number(db.session, number)
    return [one] if one else []


@pages.get("/<number>", endpoint="show")
def show(number: str) -> Response:
    return render_dispute(hearing.latest(dispute_or_404(number)))


def dispute_or_404(number: str) -> Dispute:
    dispute = settlement.dispute_by_number(db.session, number)
    if dispute is None:
        abort(404)
    return dispute


def render_dispute(dispute: Dispute, form: Any = None, status: int = 200) -> Response:
    """The page of a dispute, with what the decision that stands would do."""
    shown = hearing.shown(dispute, SIDE, form) | hearing.facts(dispute)
    return make_response(
        render_template("admin/disputes/show.html", **shown, standing=foreseeing.decided(dispute)), status
    )


def render_step(dispute: Dispute, form: hearing.StepForm, changed: Refusal | None = None) -> Response:
    """The figures of a step as they are now, and the button that does it."""
    foreseen = foreseen_step(dispute, form)
    if foreseen.effect:
        # What the page shows is what the next press confirms.
        form.seal.data = foreseen.effect.seal
    page = render_template("admin/effects/create.html", dispute=dispute, form=form, foreseen=foreseen, changed=changed)
    return make_response(page, 409 if changed else 422 if foreseen.refused else 200)


def foreseen_step(dispute: Dispute, form: hearing.StepForm) -> Foreseen:
    told: dict[str, Any] = {"actor": f"account:{current_user.id}", "now": clock.now()}
    fen = form.amount.number or 0
    if form.step.data == "offer":
        return foreseeing.foresee(trade.agree_on, dispute.id, fen=fen, **told)
    if form.step.data == "concede":
        return foreseeing.foresee(trade.concede, dispute.id, **told)
    if form.step.data != "outcome":
        abort(400)
    return foreseeing.foresee(trade.record_outcome, dispute.id, fen=fen, reference="", **told)


@pages.post("/<number>/steps", endpoint="update")
def update(number: str) -> Response:
    dispute = dispute_or_404(number)
    form = hearing.StepForm()
    form.amount.validate(form)
    amounts = {"concede": dispute.wanted_fen, "offer": form.amount.number, "outcome": form.amount.number or 0}
    told = {"amount_fen": amounts[form.step.data]} if form.step.data in amounts else {}
    said = Line(f"dispute.{form.step.data}", f"dispute:{number}", now=told)
    try:
        if hearing.perform(dispute, SIDE, f"account:{current_user.id}", form, around=partial(noted, said)):
            return web.go(url_for("admin.disputes.show", number=number))
    except trade.Changed as changed:
        return render_step(dispute, form, changed)
    return render_dispute(dispute, form, 422)


@pages.get("/<number>/pictures/<picture>", endpoint="picture")
def picture(number: str, picture: str) -> Response:
    return hearing.picture_or_404(dispute_or_404(number), picture)
