"""The compliance report: what the worker counted of a month, with its alerts; to ask for one anew, and to take one along as CSV."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext

from app import clock, referral, web
from app.admin import report_labels as labels
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, noted
from app.sheet import write_sheet

pages = Blueprint("reports", __name__, url_prefix="/reports")
HEAD = (lazy_gettext("Figure"), lazy_gettext("Value"), lazy_gettext("What it says"))


@pages.get("", endpoint="index")
def index() -> Response:
    return _page()


@pages.post("", endpoint="create")
def create() -> Response:
    """Ask the worker to count a month; whoever asks twice waits for the same one."""
    period = request.form.get("period", "")
    try:
        if Form().validate_on_submit():
            transaction(noted(Line("report.ask", f"report:{period[:7]}"), referral.ask_report), period, clock.now())
        return web.go(url_for("admin.reports.index", period=period))
    except Refusal as refusal:
        return _page(refusal, 422)


@pages.post("/<int(max=2147483647):report_id>/sheet", endpoint="export")
def export(report_id: int) -> Response:
    report = referral.find_report(db.session, report_id)
    if report is None:
        abort(404)
    rows = [(name, value, meaning) for name, value, meaning in labels.figures(report)]
    transaction(noted(Line("report.export", f"report:{report.period}"), lambda _tx: None))
    response = make_response(write_sheet([HEAD, (lazy_gettext("Month"), report.period, ""), *rows]))
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="compliance-{report.period}.csv"'
    return response


def _page(refused: Refusal | None = None, status: int = 200) -> Response:
    periods = referral.list_periods(db.session)
    wanted = request.args.get("period", "")
    report = referral.report_of(db.session, wanted) if wanted in periods else referral.newest_report(db.session)
    page = render_template(
        "admin/reports/index.html",
        report=report,
        figures=labels.figures(report) if report else [],
        periods=periods,
        waiting=referral.waiting_periods(db.session),
        present=referral.period_of(clock.now()),
        strict=settings().strict_mode,
        refused=refused,
        labels=labels,
    )
    return make_response(page, status)
