"""A receiving code: the picture that a payment app made for the merchant, one for each way to pay through a channel."""

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, Reader, table


class ReceivingCode(Model):
    __tablename__ = "receiving_code"
    __table_args__ = (UniqueConstraint("channel_id", "method"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    method: Mapped[str] = mapped_column(String(20))
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[int] = mapped_column(BigInteger)


_codes = table(ReceivingCode)
_SAVE = text(
    "INSERT INTO receiving_code (channel_id, method, picture, created_at) VALUES (:channel_id, :method, :picture, :now) "
    "ON CONFLICT (channel_id, method) DO UPDATE SET picture = excluded.picture, created_at = excluded.created_at"
)


def save_receiving_code(tx: Connection, channel_id: int, method: str, picture: bytes, now: int) -> None:
    """Put up a code, in the place of the one that was there. `picture` is a JPEG that the shop wrote itself."""
    tx.execute(_SAVE, {"channel_id": channel_id, "method": method, "picture": picture, "now": now})


def receiving_code(connection: Reader, channel_id: int, method: str) -> bytes | None:
    """The picture of a code, a JPEG."""
    wanted = select(_codes.c.picture).where(_codes.c.channel_id == channel_id, _codes.c.method == method)
    found: bytes | None = connection.execute(wanted).scalar()
    return bytes(found) if found is not None else None


def receiving_codes(connection: Reader, channel_id: int) -> dict[str, int]:
    """method -> since when its code is up."""
    wanted = select(_codes.c.method, _codes.c.created_at).where(_codes.c.channel_id == channel_id)
    return {row.method: row.created_at for row in connection.execute(wanted)}
