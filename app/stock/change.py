"""What a merchant does to codes that nobody owns: off the shelf and back, faulty, gone for good, to another product."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.orm import aliased

from app import vault
from app.catalog import Product, Sku
from app.db import Reader, table, take_turns
from app.errors import N_, Refusal
from app.stock.card import Card

# What each act may touch, and what it makes of it; None: the row goes. Nothing that an order owns is ever touched.
ACTS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "bin": (("available",), "binned"),
    "restore": (("binned", "faulty"), "available"),
    "faulty": (("available",), "faulty"),
    "move": (("available",), "available"),
    "destroy": (("binned",), None),
}
MOST_PICKED = 200
_cards = table(Card)


@dataclass(frozen=True)
class Picked:
    """Which codes an act is about: some by id, or those of a whole batch."""

    card_ids: tuple[int, ...] = ()
    import_id: int | None = None


@dataclass(frozen=True)
class Share:
    """How many codes of one product an act touches."""

    product_id: int
    title: str
    sku_id: int
    count: int


@dataclass(frozen=True)
class Foreseen:
    """What an act will do: to how many codes of which products, and how many cannot be moved because their code is there already."""

    act: str
    shares: tuple[Share, ...]
    clashes: int
    seal: str

    @property
    def count(self) -> int:
        return sum(share.count for share in self.shares) - self.clashes


class Changed(Refusal):
    """The codes are not as they were when the act was looked at; nothing was done."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("Something changed meanwhile. Please look at the figures again."))


def foresee(reader: Reader, act: str, picked: Picked, to_sku_id: int | None = None) -> Foreseen:
    """What `act` would do now."""
    counted = (
        select(Product.id, Product.title, Sku.id.label("sku_id"), func.count(), func.min(Card.id), func.max(Card.id))
        .join(Sku, Sku.id == Card.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(_touched(act, picked, to_sku_id))
        .group_by(Product.id, Product.title, Sku.id)
        .order_by(Product.id)
    )
    rows = reader.execute(counted).all()
    clashes = _clashes(reader, act, picked, to_sku_id)
    seen = [act, list(picked.card_ids), picked.import_id, to_sku_id, clashes, [list(row) for row in rows]]
    shares = tuple(Share(row.id, row.title, row.sku_id, row[3]) for row in rows)
    return Foreseen(act, shares, clashes, vault.digest(repr(seen)).hex()[:32])


def _touched(act: str, picked: Picked, to_sku_id: int | None) -> ColumnElement[bool]:
    which = _cards.c.id.in_(picked.card_ids) if picked.import_id is None else _cards.c.import_id == picked.import_id
    touched = which & _cards.c.state.in_(ACTS[act][0]) & _cards.c.order_id.is_(None)
    return touched & (_cards.c.sku_id != to_sku_id) if act == "move" else touched


def _clash(to_sku_id: int | None) -> ColumnElement[bool]:
    there = aliased(_cards)
    same = (there.c.sku_id == to_sku_id) & (there.c.code_index == _cards.c.code_index)
    return select(there.c.id).where(same).exists()


def _clashes(reader: Reader, act: str, picked: Picked, to_sku_id: int | None) -> int:
    if act != "move":
        return 0
    counted = select(func.count()).select_from(_cards)
    return reader.execute(counted.where(_touched(act, picked, to_sku_id), _clash(to_sku_id))).scalar_one()


def change(tx: Connection, act: str, picked: Picked, to_sku_id: int | None = None, *, seen: str) -> Foreseen:
    """Do what `foresee` foretold, if it is still that. Raises Changed, and then the caller rolls back."""
    if to_sku_id is not None:
        take_turns(tx, f"stock:{to_sku_id}")
    foreseen = foresee(tx, act, picked, to_sku_id)
    if foreseen.seal != seen or not foreseen.count:
        raise Changed
    touched, (_from, state) = _touched(act, picked, to_sku_id), ACTS[act]
    if state is None:
        done = tx.execute(delete(_cards).where(touched))
    elif act == "move":
        done = tx.execute(update(_cards).where(touched, ~_clash(to_sku_id)).values(sku_id=to_sku_id))
    else:
        done = tx.execute(update(_cards).where(touched).values(state=state))
    # A buyer was faster with one of them.
    if done.rowcount != foreseen.count:
        raise Changed
    return foreseen


def ids_of(values: Sequence[str]) -> tuple[int, ...]:
    """Card ids as a form sends them, each once, in order."""
    return tuple(sorted({int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 16}))[
        :MOST_PICKED
    ]
