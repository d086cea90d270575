"""A category: a name that products stand under, with room for a tree."""

from sqlalchemy import Connection, ForeignKey, Integer, String, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Id, Model, table
from app.errors import N_, Refusal
from app.savepoint import savepoint


class Category(Model):
    __tablename__ = "category"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


_categories = table(Category)


def save_category(tx: Connection, category_id: int | None, *, name: str, position: int, slug: str | None = None) -> int:
    """Create a category, or rename and move one; returns its id. Raises Refusal when the name is taken."""
    values = {"name": name.strip(), "position": position}
    try:
        with savepoint(tx):
            if category_id is not None:
                tx.execute(update(_categories).where(_categories.c.id == category_id).values(**values))
                return category_id
            row = values | {"slug": slug or vault.token(6)}
            return tx.execute(insert(_categories).returning(_categories.c.id), row).scalar_one()
    except IntegrityError:
        raise Refusal(N_("There is a category of this name already."), field="name") from None
