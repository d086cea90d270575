"""The tier of one person: what it rests on, what the next one wants, and what products earn them there. Nobody sets it by hand."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import literal

from app import catalog, referral, trade, web
from app.admin.nodes import node_or_404
from app.cursor import read_pair, write_pair
from app.db import AnyRow, db
from app.display import settings
from app.trade import Piece

pages = Blueprint("node_tiers", __name__, url_prefix="/nodes/<pid>/tier")


@pages.get("", endpoint="show")
def show(pid: str) -> ResponseReturnValue:
    node, name = node_or_404(pid), "admin.node_tiers"
    sales_fen = referral.own_sales(db.session, node.id)
    tiers = sorted(referral.list_tiers(db.session), key=lambda tier: tier.min_sales_fen)
    present, above = _standing(tiers, sales_fen)
    other = _other(tiers, present, above)
    products, following = catalog.list_products(db.session, after=read_pair(name), also=literal(0))
    pieces = [
        Piece(one.Product.id, one.Sku.price_fen, one.Sku.cost_fen, one.Product.commissionable) for one in products
    ]
    return web.page_or_partial(
        "admin/node_tiers/show.html",
        "admin/node_tiers/_rows.html",
        node=node,
        sales_fen=sales_fen,
        tiers=tiers,
        present=present,
        above=above,
        other=other,
        levels=(1,) if settings().strict_mode else referral.LEVELS,
        products=products,
        now=trade.prospects(db.session, pieces, present.id if present else None, settings()),
        then=trade.prospects(db.session, pieces, other.id, settings()) if other else {},
        following=write_pair(name, following),
    )


def _standing(tiers: list[AnyRow], sales_fen: int) -> tuple[AnyRow | None, AnyRow | None]:
    """The highest tier that the sales reach, and the next one."""
    reached = [tier for tier in tiers if tier.min_sales_fen <= sales_fen]
    above = [tier for tier in tiers if tier.min_sales_fen > sales_fen]
    return reached[-1] if reached else None, above[0] if above else None


def _other(tiers: list[AnyRow], present: AnyRow | None, above: AnyRow | None) -> AnyRow | None:
    """The tier to compare with that the address asks for, or the next one."""
    wanted = request.args.get("with", type=int)
    return next((tier for tier in tiers if tier.id == wanted and tier != present), above)
