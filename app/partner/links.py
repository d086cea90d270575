"""Links to share: one for the shop and one for each product, to copy or to show as a QR code."""

import io
from dataclasses import dataclass

import segno
from flask import Blueprint, Response, abort, current_app, make_response, redirect, request, url_for

from app import catalog, clock, referral, stock, vault, web
from app.catalog import Sku
from app.db import db, transaction
from app.display import settings, tier_name
from app.partner.standing import standing

pages = Blueprint("links", __name__)


@dataclass(frozen=True)
class Shared:
    """One product with its link and what a friend's purchase of one earns."""

    slug: str
    title: str
    price_fen: int
    earns_fen: int
    url: str


@pages.get("", endpoint="home")
def home() -> Response:
    return make_response(redirect(url_for("partner.links.index")))


@pages.get("/links", endpoint="index")
def index() -> Response:
    me = standing()
    if me.code is None:
        return make_response(redirect(url_for("partner.memberships.new")))
    rows, following = catalog.list_products(
        db.session, after=_cursor(), also=stock.stock_hint(Sku.__table__.c.id).label("left")
    )
    tiers = {1: referral.tier_of(db.session, [me.node_id])[me.node_id]}
    rates = referral.rates_by_product(db.session, [row.Product.id for row in rows], tier_by_level=tiers)
    products = [
        Shared(
            row.Product.slug,
            row.Product.title,
            row.Sku.price_fen,
            referral.first_level_fen(
                row.Sku.price_fen,
                rates[row.Product.id],
                cap_bps=settings().max_total_bps,
                cost_fen=row.Sku.cost_fen if settings().margin_guard else None,
            ),
            _url(me.code, row.Product.slug),
        )
        for row in rows
        if row.Product.commissionable
    ]
    return web.page_or_partial(
        "partner/links/index.html",
        "partner/links/_list.html",
        shop_url=_url(me.code),
        short_url=_public(url_for("storefront.invitations.alias", alias=referral.short_code(me.code))),
        products=products,
        tier=tier_name(tiers[1]),
        following=vault.sign("cursor:links", following) if following else None,
    )


def _cursor() -> tuple[int, int] | None:
    match vault.unsign("cursor:links", request.args.get("after")):
        case [int(position), int(product_id)]:
            return position, product_id
    return None


def _url(code: str, slug: str | None = None) -> str:
    return _public(url_for("storefront.invitations.show", token=referral.invite_token(code, slug)))


def _public(path: str) -> str:
    return f"{current_app.config['SHOP'].public_url}{path}"


@pages.get("/links/qr.svg", endpoint="qr")
def qr() -> Response:
    """The QR code of the shop's link, or of `?product=`."""
    me = standing()
    slug = request.args.get("product")
    if me.code is None or (slug and catalog.find_listed(db.session, slug) is None):
        abort(404)
    drawn = io.BytesIO()
    segno.make(_url(me.code, slug), error="m").save(drawn, kind="svg", scale=8, border=3, light="#fff", xmldecl=False)
    response = make_response(drawn.getvalue())
    response.content_type = "image/svg+xml"
    return response


@pages.post("/links/renewal", endpoint="renew")
def renew() -> Response:
    """Revoke the link and open a new one, for somebody whose link went where it should not."""
    me = standing()
    if me.code is not None:
        transaction(referral.renew_link, me.node_id, clock.now())
    return web.go(url_for("partner.links.index"))
