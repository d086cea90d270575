"""The shop's logo: one picture that this shop wrote itself, known by its digest."""

import hashlib

from sqlalchemy import BigInteger, Connection, LargeBinary, String, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader, table
from app.shop.setting import change_settings


class Logo(Model):
    __tablename__ = "logo"

    digest: Mapped[str] = mapped_column(String(16), primary_key=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[int] = mapped_column(BigInteger)


_logos = table(Logo)
_SAVE = text(
    "INSERT INTO logo (digest, picture, created_at) VALUES (:digest, :picture, :now) ON CONFLICT (digest) DO NOTHING"
)


def put_up_logo(tx: Connection, picture: bytes, now: int) -> str:
    """Put a PNG up in the place of the one that was there; returns its digest."""
    digest = hashlib.sha256(picture).hexdigest()[:16]
    tx.execute(_SAVE, {"digest": digest, "picture": picture, "now": now})
    _show(tx, digest)
    return digest


def take_logo_down(tx: Connection) -> None:
    _show(tx, "")


def _show(tx: Connection, digest: str) -> None:
    change_settings(tx, logo=digest)
    tx.execute(delete(_logos).where(_logos.c.digest != digest))


def read_logo(connection: Reader, digest: str) -> bytes | None:
    """The PNG with this digest, while it is up."""
    found: bytes | None = connection.execute(select(_logos.c.picture).where(_logos.c.digest == digest)).scalar()
    return bytes(found) if found is not None else None
