"""Codes for sale: each card is one code, owned by at most one order, ever."""

from app.stock.card import Card, cards_of_order, codes_of_order, faulty_codes_of_order, order_of_code
from app.stock.intake import CardImport, Report, take_in
from app.stock.shelf import SoldOut, hand_over, release, replace, reserve, stock_hint

__all__ = [
    "Card",
    "CardImport",
    "Report",
    "SoldOut",
    "cards_of_order",
    "codes_of_order",
    "faulty_codes_of_order",
    "hand_over",
    "order_of_code",
    "release",
    "replace",
    "reserve",
    "stock_hint",
    "take_in",
]
