"""Shared links: `/i/<token>`, and the short alias `/s/<code>` for posters. They lead to the shop and remember who shared."""

from flask import Blueprint, Response, make_response, redirect, request, url_for

from app import clock, referral, throttle, vault, visit
from app.cookies import device_hash, read_cookie, set_cookie
from app.db import db, transaction
from app.display import settings

pages = Blueprint("invitations", __name__)
COOKIE = "inv"
CLICK_LIMIT = "60/minute"


@pages.get("/i/<token>", endpoint="show")
def show(token: str) -> Response:
    target = referral.token_target(token)
    if target is None:
        return _to(url_for("storefront.products.index"))
    code, product_slug = target
    path = (
        url_for("storefront.products.show", slug=product_slug) if product_slug else url_for("storefront.products.index")
    )
    return _remember(_to(path), code)


@pages.get("/s/<alias>", endpoint="alias")
def alias(alias: str) -> Response:
    code = referral.check_alias(alias.upper())
    response = _to(url_for("storefront.products.index"))
    return _remember(response, code) if code else response


def _to(path: str) -> Response:
    return make_response(redirect(path, code=302))


def _remember(response: Response, code: str) -> Response:
    """Set the invite cookie, if a person came here by a navigation of the whole page (distribution 1.3.3)."""
    link = referral.find_link(db.session, code)
    if link is None or not _is_navigation() or not throttle.within(CLICK_LIMIT, "click", throttle.address()):
        return response
    link_id, node_id = link
    inviter = referral.standing_of(db.session, node_id)
    if inviter.state != "qualified":
        return response
    device = device_hash()
    own = referral.same_person(db.session, node_id, account_id=visit.account_id(), device_hash=device)
    if own or _keeps_first():
        return response
    weak = "Sec-Fetch-Mode" not in request.headers
    click_id = transaction(
        referral.record_click,
        link_id,
        weak=weak,
        address_prefix=throttle.prefix(),
        agent_hash=vault.blind("agent", request.user_agent.string[:300]),
        device_hash=device,
        now=clock.now(),
    )
    days = settings().cookie_days
    set_cookie(
        response,
        COOKIE,
        referral.sign_invite(inviter.pid, click_id, cookie_days=days, now=clock.now()),
        days * clock.DAY,
    )
    return response


def _is_navigation() -> bool:
    headers = request.headers
    if request.method != "GET" or "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", "")).lower():
        return False
    # Browsers without these headers (plain http, old ones) are believed, and their click is marked as weak.
    return (
        headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and headers.get("Sec-Fetch-Dest", "document") == "document"
    )


def _keeps_first() -> bool:
    if settings().touch_model != "first":
        return False
    days = settings().cookie_days
    return referral.read_invite(db.session, read_cookie(COOKIE), cookie_days=days, now=clock.now()) is not None
