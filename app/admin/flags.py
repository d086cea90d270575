"""Flags: orders whose commission waits because something looks like fraud. The merchant looks, and clears or upholds."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy import func, select

from app import clock, referral, trade, web
from app.admin import actors
from app.admin import network_labels as labels
from app.admin.nodes import ReasonForm, actor
from app.admin.search import asked_order
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db, transaction
from app.errors import Refusal
from app.noting import Line, noted
from app.orders import Order
from app.referral import Commission, Node

pages = Blueprint("flags", __name__, url_prefix="/flags")
ACTS = {"clear": trade.clear_flag, "uphold": trade.uphold_flag}


@pages.get("", endpoint="index")
def index() -> Response:
    state = asked_state()
    number, order_id = asked_order()
    found, last_id = referral.list_flags(db.session, state, order_id=order_id, before=read_cursor("admin.flags"))
    return web.page_or_partial(
        "admin/flags/index.html",
        "admin/flags/_rows.html",
        flags=found,
        about=about(found),
        state=state,
        number=number,
        labels=labels,
        following=write_cursor("admin.flags", last_id),
    )


def asked_state() -> str:
    """The state that the list is narrowed to."""
    state = request.args.get("state", "")
    return state if state in labels.FLAG_STATES else "open"


@pages.get("/<int:flag_id>", endpoint="show")
def show(flag_id: int) -> str:
    return _page(_flag_or_404(flag_id), ReasonForm(formdata=None))


@pages.post("/<int:flag_id>", endpoint="update")
def update(flag_id: int) -> Response:
    """Clear the flag, or uphold it (`act`), with what was found."""
    flag, form = _flag_or_404(flag_id), ReasonForm()
    if form.validate_on_submit() and form.act.data in ACTS:
        try:
            said = Line(f"flag.{form.act.data}", f"flag:{flag_id}", reason=form.reason.data or "")
            transaction(
                noted(said, ACTS[form.act.data]), flag_id, note=form.reason.data, actor=actor(), now=clock.now()
            )
            return web.go(url_for("admin.flags.index"))
        except Refusal as refusal:
            form.reason.errors = [refusal.text()]
    return Response(_page(flag, form), 422)


def _flag_or_404(flag_id: int) -> AnyRow:
    flag = referral.find_flag(db.session, flag_id)
    if flag is None:
        abort(404)
    return flag


def _page(flag: AnyRow, form: ReasonForm) -> str:
    attribution, shares = referral.explain_order(db.session, flag.order_id)
    return render_template(
        "admin/flags/show.html",
        flag=flag,
        form=form,
        order=db.session.get(Order, flag.order_id),
        shares=shares,
        payee_pid=db.session.scalar(select(Node.pid).where(Node.id == flag.payee_id)) if flag.payee_id else None,
        attribution=attribution,
        actors=actors.names([flag.decided_by] if flag.decided_by else []),
        labels=labels,
    )


def about(flags: Sequence[AnyRow]) -> dict[int, Any]:
    """flag id -> the number of its order and what of its commission waits or went."""
    fen = (
        select(func.coalesce(func.sum(Commission.net_fen), 0)).where(Commission.order_id == Order.id).scalar_subquery()
    )
    statement = select(Order.id, Order.number, fen.label("fen"))
    rows = db.session.execute(statement.where(Order.id.in_({flag.order_id for flag in flags})))
    # PostgreSQL adds integers up to decimals.
    by_order = {row.id: {"number": row.number, "fen": int(row.fen)} for row in rows}
    return {flag.id: by_order[flag.order_id] for flag in flags}
