"""Rebinds: to put somebody under the distributor whose claim was granted. One proposes, another one approves."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from wtforms import HiddenField

from app import clock, referral, trade, web
from app.admin import actors
from app.admin import network_labels as labels
from app.admin.forms import line
from app.admin.nodes import node_or_404
from app.db import AnyRow, db, transaction
from app.errors import Refusal
from app.fields import Form, attach
from app.noting import Line, noted
from app.referral import Node

pages = Blueprint("rebinds", __name__, url_prefix="/nodes/<pid>/rebinds")


class ProposalForm(Form):
    case_number = line(labels.CASE, 20, needed=True)
    reason = line(labels.REASON, 300, needed=True)


class DecisionForm(Form):
    act = HiddenField()


@pages.get("", endpoint="index")
def index(pid: str) -> Response:
    # A list of claims says which case it is about.
    return _page(node_or_404(pid), ProposalForm(formdata=None, data={"case_number": request.args.get("case", "")[:20]}))


@pages.post("", endpoint="create")
def create(pid: str) -> Response:
    node, form = node_or_404(pid), ProposalForm()
    if form.validate_on_submit():
        values = {"reason": form.reason.data, "by": current_user.id, "now": clock.now()}
        try:
            said = Line(
                "rebind.create",
                f"node:{pid}",
                now={"case": form.case_number.data.upper()},
                reason=form.reason.data or "",
            )
            transaction(noted(said, trade.propose_rebind), node.id, form.case_number.data.upper(), **values)
            return web.go(url_for("admin.rebinds.index", pid=node.pid))
        except Refusal as refusal:
            attach(form, refusal.field, refusal.text(), form.case_number)
    return _page(node, form, 422)


@pages.post("/<int:rebind_id>", endpoint="update")
def update(pid: str, rebind_id: int) -> Response:
    """Approve a proposal (`act` = approve), or drop it."""
    node, form = node_or_404(pid), DecisionForm()
    found = referral.find_rebind(db.session, rebind_id)
    if found is None or found.child_id != node.id or not form.validate_on_submit():
        abort(404)
    act = trade.approve_rebind if form.act.data == "approve" else trade.withdraw_rebind
    said = Line(
        "rebind.approve" if form.act.data == "approve" else "rebind.withdraw", f"node:{pid}", now={"rebind": rebind_id}
    )
    transaction(noted(said, act), rebind_id, by=current_user.id, now=clock.now())
    return web.go(url_for("admin.rebinds.index", pid=node.pid))


def _page(node: AnyRow, form: ProposalForm, status: int = 200) -> Response:
    rebinds = referral.list_rebinds(db.session, node.id)
    people = {row.proposed_by for row in rebinds} | {row.second_by for row in rebinds if row.second_by}
    pids = db.session.execute(select(Node.id, Node.pid).where(Node.id.in_({row.parent_id for row in rebinds})))
    page = render_template(
        "admin/rebinds/index.html",
        node=node,
        form=form,
        rebinds=rebinds,
        pids={row.id: row.pid for row in pids},
        names=actors.names(f"account:{number}" for number in people),
        relation=referral.relation_of(db.session, node.id),
        labels=labels,
    )
    return make_response(page, status)
