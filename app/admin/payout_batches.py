"""A batch of payouts for the bank or Alipay as CSV, and the results that come back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, url_for
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Connection

from app import audit, clock, settlement, visit, web
from app.admin import labels
from app.admin.payout_forms import ResultForm
from app.admin.payouts import render_list
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.languages import LOCALES
from app.money import yuan
from app.noting import Line, noted
from app.settlement import MOST_ROWS
from app.sheet import read_sheet, write_sheet
from app.shop import Settings

pages = Blueprint("payout_batches", __name__, url_prefix="/payouts/batches")
HEAD = (
    lazy_gettext("number"),
    lazy_gettext("method"),
    lazy_gettext("account holder"),
    lazy_gettext("account to pay"),
    lazy_gettext("amount_yuan"),
    lazy_gettext("remark"),
)


def _actor() -> str:
    return f"account:{current_user.id}"


def _noted(act: str, made: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Who took a file of payees along, and what for; an empty one is none."""
    by = visit.who()

    def both(tx: Connection, **told: Any) -> list[Any]:
        batch = made(tx, **told)
        if batch:
            audit.record(tx, by, act, "payout", now={"numbers": [payout.number for payout, _payee in batch]})
        return batch

    return both


@pages.post("", endpoint="create")
def create() -> Response:
    """Every approved payout leaves with this file."""
    batch = transaction(_noted("payout_batch.create", settlement.start_batch), actor=_actor(), now=clock.now())
    return _file(batch) if batch else web.go(url_for("admin.payouts.index", nothing="approved"))


@pages.post("/copies", endpoint="copy")
def copy() -> Response:
    """What left by a file and is not settled yet, once more: a file can get lost."""
    batch = transaction(_noted("payout_batch.copy", settlement.repeat_batch), actor=_actor(), now=clock.now())
    return _file(batch) if batch else web.go(url_for("admin.payouts.index", nothing="sent"))


def _file(batch: list[Any]) -> Response:
    rows = [
        (
            payout.number,
            labels.PAYOUT_METHODS[payee.method],
            payee.name,
            payee.account,
            yuan(payout.amount_fen - payout.fee_fen - payout.tax_fen),
            payout.number,
        )
        for payout, payee in batch
    ]
    response = make_response(write_sheet([HEAD, *rows]))
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="payouts-{clock.now()}.csv"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


@pages.post("/results", endpoint="results")
def results() -> Response:
    """Take in what the bank did: each line by itself, and each is told what became of it."""
    form = ResultForm()
    if not form.validate_on_submit():
        return render_list(form, status=422)
    try:
        rows = read_sheet(form.results.data or "", MOST_ROWS)
    except (ValueError, OSError):
        form.results.errors = [_("Please paste at most %(most)s lines of CSV.", most=MOST_ROWS)]
        return render_list(form, status=422)
    headings = _headings()
    return render_list(report=[(row[0], _settle(row)) for row in rows if row[0] not in headings])


def _headings() -> set[str]:
    """How the first column may be called: the file may have been made in another language than it is read in."""
    words = set()
    for name in LOCALES:
        with force_locale(name):
            words.add(str(HEAD[0]))
    return words


def _settle(row: list[str]) -> str:
    number, result, told = (*row, "", "")[:3]
    if settlement.find_payout(db.session, number.lstrip("'")) is None:
        return _("There is no payout of this number.")
    if result not in ("paid", "failed"):
        return _("The second column says paid or failed.")
    try:
        said = Line(f"payout.{result}", f"payout:{number.lstrip(chr(39))}", reason=told.lstrip("'"))
        transaction(
            noted(said, _book), number.lstrip("'"), result, told.lstrip("'"), current_user.id, settings(), clock.now()
        )
    except Refusal as refusal:
        return refusal.text()
    return _("Paid out") if result == "paid" else _("Noted as failed")


def _book(tx: Connection, number: str, result: str, told: str, by: int, settings: Settings, now: int) -> None:
    if result == "paid":
        settlement.confirm_payout(tx, number, reference=told, by=by, actor=f"account:{by}", settings=settings, now=now)
    else:
        settlement.fail_payout(tx, number, actor=f"account:{by}", reason=told, now=now)
