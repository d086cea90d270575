"""The shelf: `/`, and one product at `/p/<slug>`."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from flask_login import current_user

from app import catalog, money, payments, referral, stock, trade, vault, visit, web
from app.catalog import Category, Product, Shot, Sku
from app.db import AnyRow, db
from app.display import settings
from app.storefront.balance import payable_here
from app.storefront.device import device
from app.storefront.forms import OrderForm
from app.storefront.question_fields import QuestionsForm

pages = Blueprint("products", __name__)
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Tile:
    """One product as the shelf shows it; `left` is counted no further than `stock.HINT_LIMIT`."""

    slug: str
    title: str
    summary: str
    price_fen: int
    left: int
    shot: Shot | None = None

    @property
    def sold_out(self) -> bool:
        return self.left == 0


@pages.get("/", endpoint="index")
def index() -> Response:
    words = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    categories = catalog.list_categories(db.session)
    chosen = next((category for category in categories if category.slug == request.args.get("category")), None)
    rows, following = catalog.list_products(
        db.session,
        category_ids=catalog.below(categories, chosen.id) if chosen else None,
        words=words,
        after=_cursor(request.args.get("after")),
        also=stock.stock_hint(Sku.__table__.c.id).label("left"),
    )
    shots = catalog.main_photos(db.session, [row.Product.id for row in rows])
    return web.page_or_partial(
        "storefront/products/index.html",
        "storefront/products/_grid.html",
        shelves=_shelves(categories, chosen),
        category=chosen,
        words=words,
        tiles=[_tile(row, shots.get(row.Product.id)) for row in rows],
        following=vault.sign("cursor:products", following) if following else None,
    )


def _shelves(
    categories: list[Category], chosen: Category | None
) -> list[tuple[Category | None, Category | None, list[Category]]]:
    """Rows of categories to choose from: (what the row stands under, which of it is chosen, the row), the top first."""
    path = catalog.path_to(categories, chosen)
    rows = [(above, catalog.children_of(categories, above.id if above else None)) for above in (None, *path)]
    return [(above, here, row) for (above, row), here in zip(rows, (*path, None), strict=True) if row]


def _tile(row: AnyRow, shot: Shot | None) -> Tile:
    product = row.Product
    return Tile(product.slug, product.title, product.summary, row.Sku.price_fen, row.left, shot)


def _cursor(text: str | None) -> tuple[int, int] | None:
    match vault.unsign("cursor:products", text):
        case [int(position), int(product_id)]:
            return position, product_id
    return None


@pages.get("/p/<slug>", endpoint="show")
def show(slug: str) -> str | Response:
    row = catalog.find_listed(db.session, slug)
    if row is None:
        gone = catalog.find_archived(db.session, slug)
        if gone is None:
            abort(404)
        return make_response(render_template("storefront/products/gone.html", product=gone), 410)
    form = OrderForm(formdata=None, sku=row.Sku.code, quantity=str(row.Sku.min_quantity))
    return render_product(row.Product, row.Sku, form)


def render_product(product: Product, sku: Sku, form: OrderForm, questions: QuestionsForm | None = None) -> str:
    """The product's page with its order form, fresh or with what was wrong beside each field."""
    questions = questions or QuestionsForm(catalog.questions_for(db.session, product.id))
    channels = payments.list_offered(db.session, live=settings().is_live, device=device())
    form.offer(payable_here(channels, sku.price_fen))
    form.key.data = vault.token(16)
    discount_bps = trade.own_discount_bps(
        db.session, visit.account_id(), settings(), commissionable=product.commissionable
    )
    form.seen_price_fen.data, form.seen_discount_bps.data = str(sku.price_fen), str(discount_bps)
    return render_template(
        "storefront/products/show.html",
        product=product,
        sku=sku,
        left=db.session.scalar(db.select(stock.stock_hint(Sku.__table__.c.id)).where(Sku.id == sku.id)),
        form=form,
        questions=questions,
        discount_bps=discount_bps,
        own_price_fen=sku.price_fen - money.share(sku.price_fen, discount_bps),
        total_fen=_total_fen(sku, form, discount_bps),
        channels=channels,
        share=_share(product, sku),
        shots=catalog.photos_of(db.session, product.id),
    )


def _total_fen(sku: Sku, form: OrderForm, discount_bps: int) -> int:
    """What the quantity that is written costs, for the form as it is shown before a script counts along."""
    written = str(form.quantity.data or "")
    quantity = int(written) if written.isascii() and written.isdigit() and len(written) < 5 else 1
    return sku.price_fen * quantity - money.share(sku.price_fen * quantity, discount_bps)


def _share(product: Product, sku: Sku) -> dict[str, Any] | None:
    """For a distributor: the product's own link, and what a friend's purchase of one earns."""
    if not current_user.is_authenticated or not product.commissionable:
        return None
    node = referral.node_by_account(db.session, visit.account_id() or 0)
    if node is None or node.state != "qualified":
        return None
    code = referral.link_of_node(db.session, node.id)
    if code is None:
        return None
    tier_id = referral.tier_of(db.session, [node.id])[node.id]
    rules = referral.find_rates(db.session, product.id, tier_by_level={1: tier_id})
    cost_fen = sku.cost_fen if settings().margin_guard else None
    token = referral.invite_token(code, product.slug)
    return {
        "url": current_app.config["SHOP"].public_url + url_for("storefront.invitations.show", token=token),
        "earns_fen": referral.first_level_fen(
            sku.price_fen, rules, cap_bps=settings().max_total_bps, cost_fen=cost_fen
        ),
    }


@pages.get("/p/<slug>/cover.svg", endpoint="cover")
def cover(slug: str) -> Response:
    row = catalog.find_listed(db.session, slug)
    if row is None:
        abort(404)
    product = row.Product
    response = make_response(catalog.draw_cover(product.title, product.hue, product.motif))
    response.content_type = "image/svg+xml"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
