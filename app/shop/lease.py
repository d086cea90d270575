"""A lease: of several workers one leads, and its last beat tells the merchant that it is alive."""

from sqlalchemy import BigInteger, Connection, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader, table

# A worker beats every few seconds; after this long it is dead or stuck, and somebody has to look.
SILENT_SECONDS = 120


class Lease(Model):
    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60))
    until_at: Mapped[int] = mapped_column(BigInteger)
    beat_at: Mapped[int] = mapped_column(BigInteger)


_TAKE = text(
    "INSERT INTO lease (name, holder, until_at, beat_at) VALUES (:name, :holder, :until, :now) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at, beat_at = excluded.beat_at "
    "WHERE lease.holder = excluded.holder OR lease.until_at <= :now RETURNING holder"
)
_DROP = text("UPDATE lease SET until_at = :now WHERE name = :name AND holder = :holder")
_BEAT = select(table(Lease).c.beat_at)


def take_lease(tx: Connection, name: str, holder: str, seconds: int, now: int) -> bool:
    """Take or renew the lease for `seconds`; False while another holds it."""
    return tx.execute(_TAKE, {"name": name, "holder": holder, "until": now + seconds, "now": now}).first() is not None


def drop_lease(tx: Connection, name: str, holder: str, now: int) -> None:
    """Let the lease go, so that whoever starts next leads at once."""
    tx.execute(_DROP, {"name": name, "holder": holder, "now": now})


def last_beat(connection: Reader, name: str) -> int | None:
    """When the holder last renewed the lease, if ever."""
    return connection.execute(_BEAT.where(table(Lease).c.name == name)).scalar()


def is_silent(connection: Reader, name: str, now: int) -> bool:
    """Whether the holder has not renewed the lease for so long that something is wrong."""
    beat = last_beat(connection, name)
    return beat is None or now - beat > SILENT_SECONDS
