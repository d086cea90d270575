"""The merchant's first page: what needs a hand, before anything else; then how the shop does."""

from flask import Blueprint, render_template
from flask_login import current_user

from app import catalog, clock, ledger, orders, payments, stock
from app.admin import checklists, permissions
from app.admin.labels import ORDER_STATES
from app.admin.pulse import read_pulse
from app.admin.queues import read_queues, words_of
from app.catalog import Sku
from app.chart import bars
from app.db import db
from app.display import settings

pages = Blueprint("home", __name__)
FEW = 6
WHERE = {
    "undelivered": ("admin.orders.show", "number"),
    "strays": ("admin.notices.show", "notice_id"),
    "disputes": ("admin.disputes.show", "number"),
    "refunds": ("admin.orders.show", "number"),
    "payouts": ("admin.payouts.show", "number"),
    "flags": ("admin.flags.show", "flag_id"),
    "rebinds": ("admin.rebinds.index", "pid"),
}


@pages.get("", endpoint="index")
def index() -> str:
    now = clock.now()
    queues, latest = read_queues(db.session)
    pulse = read_pulse(db.session, current_user.id, now)
    context: dict[str, object] = {
        "queues": queues,
        "latest": latest,
        "words_of": words_of,
        "where": WHERE,
        "states": ORDER_STATES,
        "pulse": pulse,
        "now": now,
        "steps": checklists.shown(pulse) if current_user.is_owner else [],
        "can_be_paid": bool(payments.list_offered(db.session, live=settings().is_live)),
        "short": catalog.list_short(db.session, stock.stock_count(Sku.__table__.c.id), limit=FEW),
    }
    # What came in is for those who may see what goes out.
    if permissions.allows(current_user.role, "payouts", "read"):
        overview = orders.read_overview(db.session, now)
        context |= {
            "overview": overview,
            "owed_fen": ledger.owed_fen(db.session),
            "bars": bars([(at, one.net_fen) for at, one in overview.days]),
        }
    return render_template("admin/home/index.html", **context)
