"""Recovery codes: ten new ones, shown once, and as a file to keep."""

import re

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_login import current_user, login_required
from sqlalchemy import Connection

from app import accounts, audit, visit
from app.db import db, transaction
from app.display import settings
from app.storefront import proofs

pages = Blueprint("recovery_codes", __name__, url_prefix="/me/recovery-codes")
pages.before_request(login_required(proofs.ask))
_CODES = re.compile(r"(?:[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4} ?){1,10}", re.ASCII)


@pages.post("", endpoint="create")
def create() -> Response:
    """Ten new ones; those before them are void."""
    if not accounts.has_second_factor(db.session, current_user.id):
        abort(404)
    return show_codes(transaction(_draw, visit.who()))


@pages.post("/file", endpoint="show")
def show() -> Response:
    """The codes that the page has just shown, as a file. They are kept nowhere, so the page sends them along."""
    codes = request.form.get("codes", "")
    if not _CODES.fullmatch(codes):
        abort(400)
    response = make_response(f"{settings().name}\n\n" + codes.strip().replace(" ", "\n") + "\n")
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def show_codes(codes: list[str]) -> Response:
    """The page on which the codes stand once."""
    return make_response(render_template("storefront/recovery_codes/show.html", codes=codes))


def _draw(tx: Connection, who: audit.Who) -> list[str]:
    assert who.account_id is not None
    codes = accounts.draw_recovery_codes(tx, who.account_id)
    audit.record(tx, who, "recovery_codes.create", f"account:{who.account_id}", now={"codes": len(codes)})
    return codes
