"""To suspend somebody or to remove them for good, after the page said in figures what that does; another figure, another look."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from sqlalchemy import Connection
from wtforms import HiddenField

from app import audit, clock, referral, trade, web
from app.admin import network_labels as labels
from app.admin import node_faces
from app.admin.actors import who
from app.admin.forms import line, put_beside
from app.admin.nodes import actor, node_or_404
from app.db import AnyRow, transaction
from app.errors import Refusal
from app.fields import Form

ACTS = {"suspension": trade.suspend, "ban": trade.ban}
pages = Blueprint("sanctions", __name__, url_prefix="/nodes/<pid>")


class SanctionForm(Form):
    """Why, and the seal of the figures that were shown."""

    seen = HiddenField()
    reason = line(labels.REASON, 300, needed=True)


@pages.get(f"/<any({', '.join(ACTS)}):act>/new", endpoint="new")
def new(pid: str, act: str) -> Response:
    return _page(node_or_404(pid), act, SanctionForm(formdata=None))


@pages.post(f"/<any({', '.join(ACTS)}):act>", endpoint="create")
def create(pid: str, act: str) -> Response:
    node, form = node_or_404(pid), SanctionForm()
    if not form.validate_on_submit():
        return _page(node, act, form, 422)
    told = {"reason": form.reason.data, "actor": actor(), "now": clock.now()}
    try:
        transaction(_sanction, node, act, form.seen.data or "", told, who())
    except trade.Changed as changed:
        return _page(node, act, form, 409, changed)
    except Refusal as refusal:
        put_beside(form, Refusal(refusal.message, field="reason", **refusal.values))
        return _page(node, act, form, 422)
    return web.go(url_for("admin.nodes.show", pid=node.pid, saved=1))


def _sanction(tx: Connection, node: AnyRow, act: str, seen: str, told: dict[str, Any], by: audit.Who) -> None:
    done = trade.sanction_as_seen(tx, ACTS[act], node.id, seen=seen, **told)
    now = {
        "state": referral.standing_of(tx, node.id).state,
        "edges_closed": done.edges_closed,
        "roots": len(done.roots),
        "frozen_fen": done.newly_frozen_fen,
        "rejected": [number for number, _fen in done.rejected],
    }
    what = "node.ban" if act == "ban" else "node.suspend"
    audit.record(tx, by, what, f"node:{node.pid}", was={"state": node.state}, now=now, reason=told["reason"])


def _page(node: AnyRow, act: str, form: SanctionForm, status: int = 200, changed: Refusal | None = None) -> Response:
    """The figures as they are now, found by doing it and undoing it."""
    effect, refused = None, None
    try:
        effect = transaction(
            trade.foresee, ACTS[act], node.id, reason=form.reason.data or "?", actor=actor(), now=clock.now()
        )
        # What the page shows is what the next press confirms.
        form.seen.data = effect.seal
    except Refusal as refusal:
        refused = refusal
    page = render_template(
        "admin/sanctions/new.html",
        node=node,
        face=node_faces.faces([node.pid]).get(node.pid, ""),
        act=act,
        form=form,
        effect=effect,
        refused=refused,
        changed=changed,
        labels=labels,
    )
    return make_response(page, status)
