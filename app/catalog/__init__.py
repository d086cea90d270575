"""What is for sale: categories, products and their SKUs, and the pictures drawn for them."""

from app.catalog.category import Category, save_category
from app.catalog.cover import MOTIFS, draw_cover
from app.catalog.inventory import STATES, find_product, list_inventory, list_short
from app.catalog.listing import find_by_sku, find_listed, list_categories, list_products
from app.catalog.product import (
    BadProduct,
    Product,
    create_product,
    publish,
    render_markdown,
    unpublish,
    update_product,
)
from app.catalog.question import (
    KINDS,
    LONGEST_ANSWER,
    MOST_CHOICES,
    MOST_QUESTIONS,
    Asked,
    Question,
    questions_for,
    questions_of,
    save_questions,
)
from app.catalog.sku import NotOnSale, Offer, Sku, cost_of, find_offer
from app.catalog.terms import Terms, natures_of, refuse_short_hold, terms_of

__all__ = [
    "KINDS",
    "LONGEST_ANSWER",
    "MOST_CHOICES",
    "MOST_QUESTIONS",
    "MOTIFS",
    "STATES",
    "Asked",
    "BadProduct",
    "Category",
    "NotOnSale",
    "Offer",
    "Product",
    "Question",
    "Sku",
    "Terms",
    "cost_of",
    "create_product",
    "draw_cover",
    "find_by_sku",
    "find_listed",
    "find_offer",
    "find_product",
    "list_categories",
    "list_inventory",
    "list_products",
    "list_short",
    "natures_of",
    "publish",
    "questions_for",
    "questions_of",
    "refuse_short_hold",
    "render_markdown",
    "save_category",
    "save_questions",
    "terms_of",
    "unpublish",
    "update_product",
]
