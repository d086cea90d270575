"""Photographs of a product: several, in an order, the first of which is the one that the shelf shows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, Reader, table, take_turns
from app.errors import N_, Refusal
from app.picture import Picture, widths_of

MOST_PHOTOS = 8


class Photo(Model):
    """A picture of a product, in the place it stands; its bytes are with its digest."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("product_id", "digest"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    digest: Mapped[str] = mapped_column(String(32), index=True)
    alt: Mapped[str] = mapped_column(String(160), default="")
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[int] = mapped_column(BigInteger)


class PhotoFile(Model):
    """One width of a picture, as WebP. In the database, so that a backup of it is a backup of the whole shop."""

    __tablename__ = "photo_file"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    width: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    webp: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Shot:
    """A photograph as pages know it."""

    id: int
    digest: str
    alt: str
    width: int
    height: int

    @property
    def widths(self) -> list[int]:
        return widths_of(self.width)


_photos, _files = table(Photo), table(PhotoFile)
_SHOT = (_photos.c.id, _photos.c.digest, _photos.c.alt, _photos.c.width, _photos.c.height)
_SAVE = text(
    "INSERT INTO photo_file (digest, width, webp) VALUES (:digest, :width, :webp) ON CONFLICT (digest, width) DO NOTHING"
)


def add_photo(tx: Connection, product_id: int, sizes: Sequence[Picture], now: int) -> bool:
    """Put a picture behind those that a product has; False when it has this one already.

    Raises Refusal when there are MOST_PHOTOS.
    """
    take_turns(tx, "photos")
    shots = photos_of(tx, product_id)
    digest = hashlib.sha256(sizes[-1].data).hexdigest()[:32]
    if any(shot.digest == digest for shot in shots):
        return False
    if len(shots) >= MOST_PHOTOS:
        raise Refusal(
            N_("A product has %(most)s pictures at most. Please remove one first."), field="picture", most=MOST_PHOTOS
        )
    for size in sizes:
        tx.execute(_SAVE, {"digest": digest, "width": size.width, "webp": size.data})
    largest = {"width": sizes[-1].width, "height": sizes[-1].height}
    place = {"product_id": product_id, "digest": digest, "alt": "", "position": len(shots), "created_at": now}
    tx.execute(insert(_photos), place | largest)
    return True


def copy_photos(tx: Connection, product_id: int, copy_id: int, now: int) -> None:
    """Show a product's pictures with its copy too; no byte is kept twice."""
    take_turns(tx, "photos")
    wanted = ("digest", "alt", "width", "height", "position")
    shown = select(*(_photos.c[name] for name in wanted)).where(_photos.c.product_id == product_id)
    rows = [dict(row._mapping) | {"product_id": copy_id, "created_at": now} for row in tx.execute(shown)]
    if rows:
        tx.execute(insert(_photos), rows)


def describe_photo(tx: Connection, product_id: int, photo_id: int, alt: str) -> None:
    """Say in words what is to be seen on a picture."""
    tx.execute(_of(update(_photos), product_id, photo_id).values(alt=alt))


def place_photo(tx: Connection, product_id: int, photo_id: int, place: int) -> None:
    """Let a picture stand at `place`, counted from 0; the others close up. Said twice, it is done once."""
    take_turns(tx, "photos")
    ids = [shot.id for shot in photos_of(tx, product_id)]
    if photo_id in ids:
        ids.remove(photo_id)
        ids.insert(max(0, place), photo_id)
    statement = update(_photos).where(_photos.c.id == bindparam("photo_id")).values(position=bindparam("place"))
    if ids:
        tx.execute(statement, [{"photo_id": one, "place": number} for number, one in enumerate(ids)])


def remove_photo(tx: Connection, product_id: int, photo_id: int) -> bool:
    """Take a picture from a product; its bytes go with the last product that showed it. False when it was gone."""
    take_turns(tx, "photos")
    digest = tx.execute(_of(delete(_photos), product_id, photo_id).returning(_photos.c.digest)).scalar()
    if digest is None:
        return False
    others = select(_photos.c.id).where(_photos.c.digest == digest).exists()
    tx.execute(delete(_files).where(_files.c.digest == digest, ~others))
    return True


def _of(statement: Any, product_id: int, photo_id: int) -> Any:
    return statement.where(_photos.c.id == photo_id, _photos.c.product_id == product_id)


def photos_of(connection: Reader, product_id: int) -> list[Shot]:
    """A product's pictures, the main one first."""
    rows = connection.execute(
        select(*_SHOT).where(_photos.c.product_id == product_id).order_by(_photos.c.position, _photos.c.id)
    )
    return [Shot(*row) for row in rows]


def main_photos(connection: Reader, product_ids: Sequence[int]) -> dict[int, Shot]:
    """product id -> its main picture, of those that have one; in one statement for a page of products."""
    rank = func.row_number().over(partition_by=_photos.c.product_id, order_by=(_photos.c.position, _photos.c.id))
    ranked = select(_photos.c.product_id, *_SHOT, rank.label("rank")).where(_photos.c.product_id.in_(product_ids))
    first = ranked.subquery()
    columns = [first.c[name] for name in ("product_id", "id", "digest", "alt", "width", "height")]
    rows = connection.execute(select(*columns).where(first.c.rank == 1))
    return {row.product_id: Shot(*row[1:]) for row in rows}


def read_photo(connection: Reader, digest: str, width: int) -> bytes | None:
    """A picture in one of its widths, as WebP."""
    found = connection.execute(select(_files.c.webp).where(_files.c.digest == digest, _files.c.width == width)).scalar()
    return bytes(found) if found is not None else None
