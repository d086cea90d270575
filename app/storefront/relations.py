"""Who invited me, and how to end it: at any time, without asking anybody (distribution 1.3.12)."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import login_required

from app import clock, referral, trade, visit, web
from app.db import db, transaction
from app.display import settings

pages = Blueprint("relations", __name__, url_prefix="/me/relation")


@pages.get("", endpoint="show")
@login_required
def show() -> Response:
    node = referral.node_by_account(db.session, visit.account_id() or 0)
    assert node is not None, "an account has a node from its registration on"
    relation = referral.relation_of(db.session, node.id)
    page = render_template(
        "storefront/relations/show.html",
        relation=relation,
        # A name that only this viewer has for that person.
        inviter=referral.alias(node.pid, relation.pid) if relation else None,
        cools_until=referral.cools_until(db.session, node.id, cooldown_days=settings().rebind_cooldown_days),
        cooldown_days=settings().rebind_cooldown_days,
        ended="ended" in request.args,
        now=clock.now(),
    )
    return make_response(page)


@pages.post("/end", endpoint="destroy")
@login_required
def destroy() -> Response:
    account_id = visit.account_id()
    assert account_id is not None
    ended = transaction(trade.release_upline, account_id, clock.now())
    return web.go(url_for("storefront.relations.show", ended=1 if ended else None))
