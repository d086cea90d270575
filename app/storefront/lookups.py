"""To open an order in another browser, by its number and its key."""

import re

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _

from app import clock, orders, throttle, visit, web
from app.db import db
from app.display import settings
from app.storefront import keyring
from app.storefront.forms import LookupForm
from app.storefront.orders import LOOKUP_LIMIT, MOST_SHOWN

pages = Blueprint("lookups", __name__)
WRONG_LIMIT = "5/15 minutes"
_LINK = re.compile(r"/orders/([0-9A-HJKMNP-TV-Z]{16})\?key=([A-Za-z0-9_-]{32})", re.ASCII)


@pages.post("/orders/lookups", endpoint="create")
def create() -> Response:
    form = LookupForm()
    throttle.check(WRONG_LIMIT, "wrong key", throttle.address())
    throttle.spend(LOOKUP_LIMIT.format(settings().lookup_tries), "lookup", throttle.address())
    if form.validate_on_submit():
        number, secret = _read(form.number.data or "", form.secret.data or "")
        if orders.find_opened(db.session, number, secret=secret, account_id=None):
            return keyring.keep(web.go(url_for("storefront.orders.show", number=number)), number, secret)
        throttle.within(WRONG_LIMIT, "wrong key", throttle.address())
        form.secret.errors = [_("Number and key do not belong together. Both stand in the link that you kept.")]
    mine = orders.list_opened(db.session, keyring.secrets(), account_id=visit.account_id(), limit=MOST_SHOWN)
    page = render_template("storefront/orders/index.html", orders=mine, form=form, now=clock.now())
    return make_response(page, 422)


def _read(number: str, secret: str) -> tuple[str, str]:
    """(number, secret) as they were typed; the whole kept link, in either field, holds both."""
    link = _LINK.search(number) or _LINK.search(secret)
    return (link[1], link[2]) if link else (number.strip().upper(), secret.strip())
