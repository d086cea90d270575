"""Codes for sale: each card is one code, owned by at most one order, ever."""

from app.stock.card import Card, codes_of_order
from app.stock.intake import CardImport, Report, take_in
from app.stock.shelf import SoldOut, hand_over, release, reserve, stock_hint

__all__ = [
    "Card",
    "CardImport",
    "Report",
    "SoldOut",
    "codes_of_order",
    "hand_over",
    "release",
    "reserve",
    "stock_hint",
    "take_in",
]
