"""What is for sale: categories, products and their SKUs, and the pictures drawn for them."""

from app.catalog.category import Category, save_category
from app.catalog.cover import draw_cover
from app.catalog.listing import find_by_sku, find_listed, list_categories, list_products
from app.catalog.product import (
    BadProduct,
    Product,
    Terms,
    create_product,
    publish,
    render_markdown,
    terms_of,
    unpublish,
    update_product,
)
from app.catalog.sku import NotOnSale, Offer, Sku, find_offer

__all__ = [
    "BadProduct",
    "Category",
    "NotOnSale",
    "Offer",
    "Product",
    "Sku",
    "Terms",
    "create_product",
    "draw_cover",
    "find_by_sku",
    "find_listed",
    "find_offer",
    "list_categories",
    "list_products",
    "publish",
    "render_markdown",
    "save_category",
    "terms_of",
    "unpublish",
    "update_product",
]
