"""What is said in a dispute, and the pictures that go with it: written once, never changed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.picture import Picture

SIDES = ("opener", "shop", "arbitrator", "provider", "clock")
MOST_WORDS = 100
MOST_PICTURES = 10


class Evidence(Model):
    """A picture that this shop wrote anew; it opens for the parties only."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    side: Mapped[str] = mapped_column(String(12))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[int] = mapped_column(BigInteger)


class Statement(Model):
    """One thing that was said or done. The database refuses to change it."""

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('opened', 'message', 'answer', 'offer', 'acceptance', 'silence', 'decision', 'appeal', 'final', "
            "'withdrawn')",
            name="kind",
        ),
        CheckConstraint("side IN ('opener', 'shop', 'arbitrator', 'provider', 'clock')", name="side"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    side: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    fen: Mapped[int | None] = mapped_column(BigInteger)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))


_statements = table(Statement)
_evidence = table(Evidence)
_INSERT = insert(_statements).returning(_statements.c.id)
_KEEP = insert(_evidence).returning(_evidence.c.id)
_COUNT = select(func.count()).select_from(_statements)


def record_statement(
    tx: Connection,
    dispute_id: int,
    *,
    side: str,
    actor: str,
    kind: str,
    text: str = "",
    fen: int | None = None,
    picture: Picture | None = None,
    now: int,
) -> int:
    """Write down one thing that was said or done, and return its id. Raises Refusal when one side says too much."""
    if kind == "message":
        _refuse_flood(tx, dispute_id, side, picture)
    row = {"dispute_id": dispute_id, "at": now, "side": side, "actor": actor, "kind": kind, "text": text, "fen": fen}
    picture_id = _keep(tx, dispute_id, side, picture, now) if picture else None
    return tx.execute(_INSERT, row | {"picture_id": picture_id}).scalar_one()


def _refuse_flood(tx: Connection, dispute_id: int, side: str, picture: Picture | None) -> None:
    said = _COUNT.where(_statements.c.dispute_id == dispute_id, _statements.c.side == side)
    if tx.execute(said).scalar_one() >= MOST_WORDS:
        raise Refusal(N_("You said enough here: the arbitrator has read it."), field="text")
    shown = said.where(_statements.c.picture_id.is_not(None))
    if picture and tx.execute(shown).scalar_one() >= MOST_PICTURES:
        raise Refusal(N_("%(most)s pictures are enough."), field="picture", most=MOST_PICTURES)


def _keep(tx: Connection, dispute_id: int, side: str, picture: Picture, now: int) -> int:
    row = {"number": vault.code(16), "dispute_id": dispute_id, "side": side, "created_at": now}
    row |= {"data": picture.data, "width": picture.width, "height": picture.height}
    return tx.execute(_KEEP, row).scalar_one()


def statements_of(connection: Reader, dispute_id: int) -> list[AnyRow]:
    """All that was said and done, in order, each with its picture's number and size."""
    shown = (_evidence.c.number.label("picture"), _evidence.c.width, _evidence.c.height)
    found = select(_statements, *shown).outerjoin(_evidence, _evidence.c.id == _statements.c.picture_id)
    return list(connection.execute(found.where(_statements.c.dispute_id == dispute_id).order_by(_statements.c.id)))


def speakers_of(connection: Reader, dispute_id: int) -> set[str]:
    """The actors that spoke for a side: none of them may decide."""
    spoke = select(_statements.c.actor).where(
        _statements.c.dispute_id == dispute_id, _statements.c.side.in_(("opener", "shop"))
    )
    return set(connection.execute(spoke).scalars())


def find_evidence(connection: Reader, dispute_id: int, number: str) -> bytes | None:
    """A picture of this dispute; a picture of another one is not found."""
    found = select(_evidence.c.data).where(_evidence.c.number == number, _evidence.c.dispute_id == dispute_id)
    return connection.execute(found).scalar()
