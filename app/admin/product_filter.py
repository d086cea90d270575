"""What the list of products is narrowed to, as the address says it."""

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from app import catalog, stock
from app.admin.search import words
from app.catalog import Category, Filter, Sku
from app.db import db


class Narrowed:
    """The filter that a request asks for: `wanted` for the catalog, `address` for the links that keep it."""

    def __init__(self, args: MultiDict[str, str] | None = None) -> None:
        asked = request.args if args is None else args
        self.categories: list[Category] = catalog.list_categories(db.session)
        self.words = words(60) if args is None else asked.get("q", "").replace("\x00", "").strip()[:60]
        state = asked.get("state")
        self.state = state if state in catalog.STATES else None
        self.category = next((one for one in self.categories if one.slug == asked.get("category")), None)
        self.short = asked.get("short") == "1"

    @property
    def wanted(self) -> Filter:
        return Filter(
            self.words,
            self.state,
            catalog.below(self.categories, self.category.id) if self.category else None,
            stock.stock_count(Sku.__table__.c.id) <= Sku.low_stock if self.short else None,
        )

    @property
    def address(self) -> dict[str, Any]:
        return {
            "q": self.words or None,
            "state": self.state,
            "category": self.category.slug if self.category else None,
            "short": "1" if self.short else None,
        }

    @property
    def is_narrow(self) -> bool:
        return any(self.address.values())

    @property
    def branches(self) -> list[catalog.Branch]:
        return catalog.branches(self.categories)
