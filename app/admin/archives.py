"""The archive: to put a product into it is to create an entry, to take it out is to remove it."""

from flask import Blueprint, Response, render_template, url_for

from app import catalog, web
from app.admin import left
from app.admin.products import ONE, product_or_404
from app.db import transaction
from app.noting import Line, noted

pages = Blueprint("archives", __name__, url_prefix=f"/products{ONE}/archive")


@pages.get("/new", endpoint="new")
def new(product_id: int) -> str:
    """Ask first, and say what will happen."""
    row = product_or_404(product_id)
    return render_template("admin/archives/new.html", product=row.Product, left=left.of_one(row.Sku.id))


@pages.post("", endpoint="create")
def create(product_id: int) -> Response:
    was = product_or_404(product_id).Product.state
    line = Line("archive.create", f"product:{product_id}", was={"state": was}, now={"state": "archived"})
    transaction(noted(line, catalog.archive), product_id)
    return web.go(url_for("admin.products.edit", product_id=product_id))


@pages.post("/removal", endpoint="destroy")
def destroy(product_id: int) -> Response:
    product_or_404(product_id)
    line = Line("archive.destroy", f"product:{product_id}", was={"state": "archived"}, now={"state": "draft"})
    transaction(noted(line, catalog.unarchive), product_id)
    return web.go(url_for("admin.products.edit", product_id=product_id))
