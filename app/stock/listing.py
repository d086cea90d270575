"""The codes as the merchant's desk lists them: masked, found by a whole code, opened one at a time."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select, text

from app import vault
from app.catalog import Product, Sku
from app.db import AnyRow, Session
from app.stock.card import Card, place_of
from app.stock.card_import import CardImport

PAGE_SIZE = 50
MOST_SHOWN = 4


@dataclass(frozen=True)
class CardFilter:
    """What a list of codes is narrowed to. Of a product or a batch one state at a time is listed, so that an index serves the page."""

    code: str = ""
    sku_id: int | None = None
    state: str | None = None
    import_id: int | None = None


def list_cards(
    reader: Session, wanted: CardFilter, *, before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[AnyRow], int | None]:
    """One page of (Card, product_id, title, note of its batch), the newest first, and the cursor of the next page."""
    statement = select(Card, Product.id.label("product_id"), Product.title, CardImport.note)
    statement = statement.join(Sku, Sku.id == Card.sku_id).join(Product, Product.id == Sku.product_id)
    statement = statement.outerjoin(CardImport, CardImport.id == Card.import_id)
    statement = _narrow(statement, wanted).order_by(Card.id.desc()).limit(limit + 1)
    found = list(reader.execute(statement if before is None else statement.where(Card.id < before)))
    return found[:limit], found[limit - 1].Card.id if len(found) > limit else None


def _narrow(statement: Select[Card, int, str, str], wanted: CardFilter) -> Select[Card, int, str, str]:
    if wanted.code:
        statement = statement.where(Card.code_index == vault.blind("card", wanted.code))
    if wanted.import_id is not None:
        statement = statement.where(Card.import_id == wanted.import_id)
    if wanted.sku_id is not None:
        statement = statement.where(Card.sku_id == wanted.sku_id)
    if wanted.state in ("faulty", "binned"):
        # SQLite takes the small index of these only where its own condition stands in the query.
        statement = statement.where(text("card.state IN ('faulty', 'binned')"))
    return statement if wanted.state is None else statement.where(Card.state == wanted.state)


def find_card(session: Session, card_id: int) -> Card | None:
    return session.get(Card, card_id)


def open_code(card: Card) -> str:
    """The code itself: for whoever asks for it, which the desk writes down."""
    return vault.open_sealed(card.code_sealed, place_of(bytes(card.code_index)))


def masked_codes(session: Session, card_ids: Collection[int]) -> dict[int, str]:
    """card's id -> its code, masked."""
    cards = session.scalars(select(Card).where(Card.id.in_(card_ids))) if card_ids else ()
    return {card.id: mask_code(open_code(card)) for card in cards}


def mask_code(code: str) -> str:
    """Enough of a code to tell it from its neighbours, and too little to use it."""
    shown = min(MOST_SHOWN, len(code) // 5)
    return f"{code[:shown]}••••{code[len(code) - shown :]}"
