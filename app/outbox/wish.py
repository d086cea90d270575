"""A wish: a distributor wants to hear of something by mail. Nobody is written to who did not ask."""

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, Connection, ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader, table
from app.errors import N_

EARNED, RELEASED, PAID_OUT = "earned", "released", "paid_out"
TOPICS = {
    EARNED: N_("each purchase that earns me commission"),
    RELEASED: N_("commission that becomes available, once a day"),
    PAID_OUT: N_("a payout that was sent"),
}


class Wish(Model):
    __tablename__ = "wish"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(12), primary_key=True)
    locale: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[int] = mapped_column(BigInteger)


_wishes = table(Wish)


def choose(tx: Connection, account_id: int, topics: Iterable[str], locale: str, now: int) -> None:
    """From now on the account hears of these topics, in this language, and of no others."""
    tx.execute(delete(_wishes).where(_wishes.c.account_id == account_id))
    rows = [
        {"account_id": account_id, "topic": topic, "locale": locale, "created_at": now}
        for topic in TOPICS
        if topic in topics
    ]
    if rows:
        tx.execute(insert(_wishes), rows)


def wishes_of(connection: Reader, account_id: int) -> dict[str, str]:
    """topic -> locale, of what an account wants to hear of."""
    rows = connection.execute(select(_wishes.c.topic, _wishes.c.locale).where(_wishes.c.account_id == account_id))
    return {row.topic: row.locale for row in rows}


def who_wants(connection: Reader, account_ids: Collection[int], topic: str) -> list[int]:
    """Those of the accounts that want to hear of a topic."""
    asked = _wishes.c.account_id.in_(account_ids) & (_wishes.c.topic == topic)
    return list(connection.execute(select(_wishes.c.account_id).where(asked).order_by(_wishes.c.account_id)).scalars())
