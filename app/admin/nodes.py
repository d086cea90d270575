"""People in the network, by public id: how they stand, through whom they came, and how to suspend or remove one."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from wtforms import HiddenField

from app import clock, ledger, referral, trade, web
from app.admin import actors, node_faces, people_search
from app.admin import network_labels as labels
from app.admin.forms import line, put_beside
from app.cursor import read_pair, write_pair
from app.db import AnyRow, db, transaction
from app.display import tier_name
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, compared
from app.orders import Order

pages = Blueprint("nodes", __name__, url_prefix="/nodes")
ACTS = {"lift": trade.lift, "write_off": trade.write_off, "grant": trade.grant, "withdraw": trade.withdraw}


class ReasonForm(Form):
    """What is done, and why: the reason is kept for ever."""

    act = HiddenField()
    reason = line(labels.REASON, 300, needed=True)


def actor() -> str:
    """Who acts, as events and refunds name somebody."""
    return f"account:{current_user.id}"


@pages.get("", endpoint="index")
def index() -> Response:
    asked = people_search.asked()
    people, following = people_search.people(asked, before=read_pair(f"admin.nodes.{asked.sort}"))
    ids = [person.id for person in people]
    return web.page_or_partial(
        "admin/nodes/index.html",
        "admin/nodes/_rows.html",
        people=people,
        words=asked.words,
        sieve=asked.sieve,
        sort=asked.sort,
        kept=asked.kept,
        figures=referral.figures_of(db.session, ids),
        wallets=referral.wallets_of(db.session, ids),
        flagged=referral.flagged_among(db.session, ids),
        tiers=people_search.tiers_of(ids),
        faces=node_faces.faces(person.pid for person in people),
        labels=labels,
        following=write_pair(f"admin.nodes.{asked.sort}", following),
    )


@pages.get("/<pid>", endpoint="show")
def show(pid: str) -> Response:
    return render_node(node_or_404(pid))


def render_node(node: AnyRow, **shown: Any) -> Response:
    """The page of a person, with what is shown once: `contacts` in full, or a `link` for a new password."""
    return _page(node, ReasonForm(formdata=None), **shown)


def node_or_404(pid: str) -> AnyRow:
    node = referral.node_by_pid(db.session, pid)
    if node is None:
        abort(404)
    return node


@pages.post("/<pid>", endpoint="update")
def update(pid: str) -> Response:
    """Lift a suspension, write a debt off, grant the right to earn or withdraw it (`act`)."""
    node, form = node_or_404(pid), ReasonForm()
    if form.validate_on_submit() and form.act.data in ACTS:
        return _do(node, form, ACTS[form.act.data])
    return _page(node, form, 422)


@pages.post("/<pid>/settlement", endpoint="settle")
def settle(pid: str) -> Response:
    """Take the ticked commission of somebody who was banned back (`act` = take), and return the rest (finish)."""
    node, form = node_or_404(pid), ReasonForm()
    ticked = [int(text) for text in request.form.getlist("commission") if text.isascii() and text.isdigit()][:1000]
    if form.validate_on_submit() and form.act.data in ("take", "finish"):
        return _do(node, form, trade.settle_ban, ticked, finish=form.act.data == "finish")
    return _page(node, form, 422)


def _do(node: AnyRow, form: ReasonForm, act: Any, *arguments: Any, **options: Any) -> Response:
    try:
        said = Line(f"node.{form.act.data}", f"node:{node.pid}", reason=form.reason.data or "")
        around = compared(said, lambda tx: {"state": referral.standing_of(tx, node.id).state})
        transaction(
            around(act), node.id, *arguments, reason=form.reason.data, actor=actor(), now=clock.now(), **options
        )
    except Refusal as refusal:
        put_beside(form, Refusal(refusal.message, field="reason", **refusal.values))
        return _page(node, form, 422)
    return web.go(url_for("admin.nodes.show", pid=node.pid, saved=1))


def _page(node: AnyRow, form: ReasonForm, status: int = 200, **shown: Any) -> Response:
    parts = referral.parts_of(db.session, node.id)
    ids = [part.id for part in parts]
    count, downlines = referral.downlines_of(db.session, ids)
    unsettled = node.state == "banned" and not referral.has_event(db.session, node.id, "settled")
    shares = referral.shares_of(db.session, ids) if unsettled else []
    flagged = {row.id for row in referral.flagged_shares(db.session, ids)} if unsettled else set()
    events = referral.list_events(db.session, node.id)
    uplines = referral.uplines_of(db.session, ids)
    page = render_template(
        "admin/nodes/show.html",
        node=node,
        form=form,
        parts=parts,
        wallet=ledger.read_wallet(db.session, [part.pid for part in parts]),
        uplines=uplines,
        faces=node_faces.faces([node.pid, *(row.pid for row in (*uplines, *downlines))]),
        brought=referral.figures_of(db.session, [node.id]).get(node.id),
        is_flagged=bool(referral.flagged_among(db.session, [node.id])),
        downlines=downlines,
        downlines_count=count,
        tier=tier_name(referral.tier_of(db.session, [node.id])[node.id]),
        events=events,
        actors=actors.names(event.actor for event in events),
        unsettled=unsettled,
        shares=shares,
        flagged=flagged,
        numbers=_numbers({share.order_id for share in shares}),
        saved="saved" in request.args,
        labels=labels,
        **shown,
    )
    return make_response(page, status)


def _numbers(order_ids: set[int]) -> dict[int, str]:
    found = db.session.execute(select(Order.id, Order.number).where(Order.id.in_(order_ids)))
    return {row.id: row.number for row in found}
