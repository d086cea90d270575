"""The tree of categories as pages walk it. Pure: the list of all of them in, what stands where out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalog.category import Category


@dataclass(frozen=True)
class Branch:
    """A category in its place: how deep it stands, its place among its siblings, and how many these are."""

    category: Category
    depth: int
    place: int
    siblings: int

    @property
    def indented(self) -> str:
        """Its name, set in as deep as it stands, for a list to choose from."""
        return "\u2003" * self.depth + self.category.name


def branches(categories: Sequence[Category], parent_id: int | None = None, depth: int = 0) -> list[Branch]:
    """Every category after the one that it stands under."""
    found: list[Branch] = []
    siblings = children_of(categories, parent_id)
    for place, category in enumerate(siblings):
        found += [Branch(category, depth, place, len(siblings)), *branches(categories, category.id, depth + 1)]
    return found


def children_of(categories: Iterable[Category], parent_id: int | None) -> list[Category]:
    """What stands right under a category, in order; the top for None."""
    return [one for one in categories if one.parent_id == parent_id]


def below(categories: Sequence[Category], category_id: int) -> list[int]:
    """The ids of a category and of all that stand under it: what a parent shows is its descendants' too."""
    return [category_id, *(branch.category.id for branch in branches(categories, category_id))]


def path_to(categories: Iterable[Category], category: Category | None) -> list[Category]:
    """From the top down to a category, which is the last."""
    by_id = {one.id: one for one in categories}
    path: list[Category] = []
    while category is not None:
        path.insert(0, category)
        category = by_id.get(category.parent_id) if category.parent_id else None
    return path
