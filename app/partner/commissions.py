"""Earnings: three figures from the balances, thirty days as bars, and the rows that explain them."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from app import clock, ledger, referral, settlement, web
from app.chart import bars
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.display import settings
from app.partner.standing import release_due, standing

pages = Blueprint("commissions", __name__)
# Of several causes the one that says most to whoever earns.
WAITS = ("suspension", "ban", "dispute", "flag")
TAKEN = ("fraud", "flag", "refund")


@pages.get("/commissions", endpoint="index")
def index() -> Response:
    me = standing()
    release_due(me)
    level = {"1": 1, "2": 2}.get(request.args.get("level", ""))
    rows, last_id = referral.list_commissions(
        db.session, me.node_ids, me.pid, level=level, before=read_cursor("commissions")
    )
    ids = [row.id for row in rows]
    context: dict[str, object] = {
        "causes": {id: first(causes, WAITS) for id, causes in settlement.causes_of(db.session, ids).items()},
        "cases": {id: first(cases, TAKEN) for id, cases in settlement.cases_of(db.session, ids).items()},
        "rows": rows,
        "level": level,
        "following": write_cursor("commissions", last_id),
        "now": clock.now(),
    }
    if not web.wants_partial():
        wallet = ledger.read_wallet(db.session, me.pids)
        context |= {"wallet": wallet, "payable_fen": settlement.payable_fen(wallet)}
        context["awards"] = [
            claim
            for claim in settlement.claims_of_node(db.session, me.node_ids)
            if claim.state == "final" and claim.decision == "adjust" and claim.decision_fen
        ]
        context["bars"] = bars(referral.list_days(db.session, me.node_ids, clock.now()))
        context["hold_days"] = settings().hold_days
    return web.page_or_partial("partner/commissions/index.html", "partner/commissions/_list.html", **context)


def first(kinds: Mapping[str, str], order: tuple[str, ...]) -> str:
    """The kind of cause to name."""
    return next((kind for kind in order if kind in kinds), order[-1])
