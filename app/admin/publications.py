"""A publication: to put a product on the shelf is to create one, to take it off is to remove it."""

from flask import Blueprint, Response, url_for

from app import catalog, web
from app.admin.products import ONE, product_or_404
from app.db import transaction
from app.noting import Line, noted

pages = Blueprint("publications", __name__, url_prefix=f"/products{ONE}/publication")


@pages.post("", endpoint="create")
def create(product_id: int) -> Response:
    product_or_404(product_id)
    transaction(noted(Line("publication.create", f"product:{product_id}"), catalog.publish), product_id)
    return web.go(url_for("admin.products.edit", product_id=product_id))


@pages.post("/removal", endpoint="destroy")
def destroy(product_id: int) -> Response:
    product_or_404(product_id)
    transaction(noted(Line("publication.destroy", f"product:{product_id}"), catalog.unpublish), product_id)
    return web.go(url_for("admin.products.edit", product_id=product_id))
