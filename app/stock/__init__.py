"""Codes for sale: each card is one code, owned by at most one order, ever."""

from app.stock.card import STATES, Card, cards_of_order, codes_of_order, faulty_codes_of_order, order_of_code
from app.stock.card_import import (
    CardImport,
    change_import,
    find_import,
    import_before,
    list_imports,
    states_of_import,
)
from app.stock.change import ACTS, Changed, Foreseen, Picked, change, foresee, ids_of
from app.stock.chunk import Report, read_report
from app.stock.intake import CHUNK_LINES, MOST_LINES, put_down, take_chunk, take_in
from app.stock.listing import CardFilter, find_card, list_cards, mask_code, masked_codes, open_code
from app.stock.reading import LONGEST_CODE, decode, read_lines, read_table
from app.stock.shelf import (
    MOST_LOW,
    SoldOut,
    hand_over,
    release,
    replace,
    reserve,
    stock_count,
    stock_hint,
    unit_cost_fen,
)

__all__ = [
    "ACTS",
    "CHUNK_LINES",
    "LONGEST_CODE",
    "MOST_LINES",
    "MOST_LOW",
    "STATES",
    "Card",
    "CardFilter",
    "CardImport",
    "Changed",
    "Foreseen",
    "Picked",
    "Report",
    "SoldOut",
    "cards_of_order",
    "change",
    "change_import",
    "codes_of_order",
    "decode",
    "faulty_codes_of_order",
    "find_card",
    "find_import",
    "foresee",
    "hand_over",
    "ids_of",
    "import_before",
    "list_cards",
    "list_imports",
    "mask_code",
    "masked_codes",
    "open_code",
    "order_of_code",
    "put_down",
    "read_lines",
    "read_report",
    "read_table",
    "release",
    "replace",
    "reserve",
    "states_of_import",
    "stock_count",
    "stock_hint",
    "take_chunk",
    "take_in",
    "unit_cost_fen",
]
