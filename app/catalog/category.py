"""A category: a name that products stand under, in a tree of at most three levels."""

from sqlalchemy import Connection, ForeignKey, Integer, String, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Id, Model, table, take_turns
from app.errors import N_, Refusal
from app.savepoint import savepoint


class Category(Model):
    __tablename__ = "category"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


MOST_LEVELS = 3
_categories = table(Category)
_place = update(_categories).where(_categories.c.id == bindparam("category_id")).values(position=bindparam("place"))


def save_category(
    tx: Connection,
    category_id: int | None,
    *,
    name: str,
    position: int | None = None,
    parent_id: int | None = None,
    slug: str | None = None,
) -> int:
    """Create a category, or rename and move one; returns its id. Without a position a new one stands last.

    Raises Refusal when the name is taken, and when the tree would have a circle or too many levels.
    """
    take_turns(tx, "categories")
    parents = _parents(tx)
    _check_tree(parents, category_id, parent_id)
    values: dict[str, object] = {"name": name.strip(), "parent_id": parent_id}
    if position is None and (category_id is None or parents.get(category_id) != parent_id):
        position = _last(tx, parent_id)
    if position is not None:
        values["position"] = position
    try:
        with savepoint(tx):
            if category_id is not None:
                tx.execute(update(_categories).where(_categories.c.id == category_id).values(**values))
                return category_id
            row = values | {"slug": slug or vault.token(6)}
            return tx.execute(insert(_categories).returning(_categories.c.id), row).scalar_one()
    except IntegrityError:
        raise Refusal(N_("There is a category of this name already."), field="name") from None


def place_category(tx: Connection, category_id: int, place: int) -> None:
    """Let a category stand at `place` among its siblings, counted from 0. Said twice, it is done once."""
    take_turns(tx, "categories")
    parent_id = tx.execute(select(_categories.c.parent_id).where(_categories.c.id == category_id)).scalar()
    ids = _siblings(tx, parent_id)
    if category_id in ids:
        ids.remove(category_id)
        ids.insert(max(0, place), category_id)
        tx.execute(_place, [{"category_id": one, "place": number} for number, one in enumerate(ids)])


def remove_category(tx: Connection, category_id: int, children_to: int | None) -> bool:
    """Remove a category; what stood under it moves under `children_to`, or to the top. False when it was gone.

    Its products have to be somewhere else by then: the database refuses to leave them without it.
    """
    take_turns(tx, "categories")
    parents = _parents(tx)
    if category_id not in parents:
        return False
    children = [one for one, parent_id in parents.items() if parent_id == category_id]
    for child in children:
        _check_tree(parents, child, children_to)
    if children_to == category_id:
        raise Refusal(N_("Please choose another category than the one that goes."), field="to")
    for child in children:
        values = {"parent_id": children_to, "position": _last(tx, children_to)}
        tx.execute(update(_categories).where(_categories.c.id == child).values(**values))
    tx.execute(delete(_categories).where(_categories.c.id == category_id))
    return True


def _parents(tx: Connection) -> dict[int, int | None]:
    return {row.id: row.parent_id for row in tx.execute(select(_categories.c.id, _categories.c.parent_id))}


def _siblings(tx: Connection, parent_id: int | None) -> list[int]:
    same = _categories.c.parent_id.is_not_distinct_from(parent_id)
    return list(
        tx.execute(select(_categories.c.id).where(same).order_by(_categories.c.position, _categories.c.id)).scalars()
    )


def _last(tx: Connection, parent_id: int | None) -> int:
    same = _categories.c.parent_id.is_not_distinct_from(parent_id)
    return int(tx.execute(select(func.coalesce(func.max(_categories.c.position), -1)).where(same)).scalar_one()) + 1


def _check_tree(parents: dict[int, int | None], category_id: int | None, parent_id: int | None) -> None:
    above: list[int] = []
    while parent_id is not None:
        if parent_id == category_id or parent_id in above or parent_id not in parents:
            raise Refusal(N_("A category cannot stand under itself, nor under what is below it."), field="parent")
        above.append(parent_id)
        parent_id = parents[parent_id]
    if len(above) + _height(parents, category_id) > MOST_LEVELS:
        raise Refusal(N_("Categories are %(most)s levels deep at most."), field="parent", most=MOST_LEVELS)


def _height(parents: dict[int, int | None], category_id: int | None) -> int:
    below = [one for one, parent_id in parents.items() if category_id is not None and parent_id == category_id]
    return 1 + max((_height(parents, one) for one in below), default=0)
