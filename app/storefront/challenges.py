"""What a passkey is asked to sign, drawn for whoever is logged in, or waits before the second step. It opens nothing by itself."""

from flask import Blueprint, Response, abort
from flask_login import current_user

from app import accounts, arrival, clock, passkeys, throttle
from app.db import transaction

pages = Blueprint("challenges", __name__, url_prefix="/challenges")
LIMIT = "30/10 minutes"


@pages.post("", endpoint="create")
def create() -> Response:
    throttle.spend(LIMIT, "challenge", throttle.address())
    account_id, holder = _holder()
    site = passkeys.site_or_refuse()
    return passkeys.drawn(transaction(accounts.draw_signature, account_id, holder, site, clock.now()))


def _holder() -> tuple[int, str]:
    if current_user.is_authenticated:
        return current_user.id, current_user.get_id()
    waiting = arrival.pending()
    if waiting is None:
        abort(404)
    return waiting.account_id, waiting.token
