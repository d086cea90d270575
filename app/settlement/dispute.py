"""A dispute over an order, and the clocks it runs by: open, evidence, decided, appeal, final (distribution 1.12)."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import outbox, vault
from app.clock import HOUR
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.savepoint import savepoint

KINDS_OF_DISPUTE = ("buyer", "provider", "distributor", "flag")
STATES_OF_DISPUTE = ("open", "evidence", "decided", "appeal", "final", "withdrawn")
# Each step waits so long for somebody, and then goes on without them.
PATIENCE_SECONDS = 72 * HOUR
# Who loses may not open the same matter again and again.
MOST_OF_ORDER = 3
LONGEST_CLAIM = 2000

_OPEN_ORDER = text("closed_at IS NULL AND kind IN ('buyer', 'provider')")
_OPEN_CLAIM = text("closed_at IS NULL AND kind = 'distributor'")
_OPEN = text("closed_at IS NULL")


class AlreadyOpen(Refusal):
    """One matter is looked into once at a time."""

    status = 409


class Dispute(Model):
    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("kind IN ('buyer', 'provider', 'distributor', 'flag')", name="kind"),
        CheckConstraint(
            "state IN ('open', 'evidence', 'decided', 'appeal', 'final', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("decision IN ('buyer', 'seller', 'split', 'adjust', 'refused')", name="decision"),
        CheckConstraint("(closed_at IS NULL) = (state NOT IN ('final', 'withdrawn'))", name="closed"),
        CheckConstraint("kind <> 'distributor' OR node_id IS NOT NULL", name="opener"),
        CheckConstraint("decision_fen IS NULL OR decision_fen >= 0", name="decision_fen"),
        Index("uq_dispute_order", "order_id", unique=True, sqlite_where=_OPEN_ORDER, postgresql_where=_OPEN_ORDER),
        Index(
            "uq_dispute_claim",
            "order_id",
            "node_id",
            unique=True,
            sqlite_where=_OPEN_CLAIM,
            postgresql_where=_OPEN_CLAIM,
        ),
        Index("ix_dispute_order", "order_id", "id"),
        Index("ix_dispute_node", "node_id", "id"),
        Index("ix_dispute_state", "state", "id"),
        Index("ix_dispute_kind", "kind", "id"),
        Index("ix_dispute_due", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    # A distributor may not know the order: somebody who knows it finds it then.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(12))
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    claim: Mapped[str] = mapped_column(Text)
    wanted_fen: Mapped[int | None] = mapped_column(BigInteger)
    # The order's newest refund when the dispute was opened: what came after it counts towards the decision.
    last_refund_id: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(10))
    answer_until: Mapped[int] = mapped_column(BigInteger)
    evidence_until: Mapped[int | None] = mapped_column(BigInteger)
    appeal_until: Mapped[int | None] = mapped_column(BigInteger)
    # When the next step comes by itself; None while somebody has to decide.
    due_at: Mapped[int | None] = mapped_column(BigInteger)
    answered_at: Mapped[int | None] = mapped_column(BigInteger)
    replied_at: Mapped[int | None] = mapped_column(BigInteger)
    offer_fen: Mapped[int | None] = mapped_column(BigInteger)
    decision: Mapped[str | None] = mapped_column(String(10))
    decision_fen: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Text)
    opener_accepted_at: Mapped[int | None] = mapped_column(BigInteger)
    shop_accepted_at: Mapped[int | None] = mapped_column(BigInteger)
    appealed_by: Mapped[str | None] = mapped_column(String(12))
    opened_at: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def is_open(self) -> bool:
        """Whether the commission still waits for it."""
        return self.closed_at is None


@dataclass(frozen=True)
class NewDispute:
    """What is claimed. `wanted_fen` is what the buyer asks back; a distributor's claim names nothing."""

    kind: str
    order_id: int | None
    claim: str
    wanted_fen: int | None = None
    node_id: int | None = None
    last_refund_id: int = 0


_disputes = table(Dispute)
_INSERT = insert(_disputes).returning(_disputes.c.id)


def open_dispute(tx: Connection, new: NewDispute, now: int) -> AnyRow:
    """Open a dispute; the shop has 72 hours to answer. Raises AlreadyOpen, and Refusal for a matter that is settled."""
    _refuse_repeated(tx, new)
    row = {"number": vault.code(16), "order_id": new.order_id, "kind": new.kind, "node_id": new.node_id}
    row |= {"claim": new.claim[:LONGEST_CLAIM], "wanted_fen": new.wanted_fen, "state": "open", "opened_at": now}
    row |= {"last_refund_id": new.last_refund_id}
    # A provider takes the time it takes.
    due_at = None if new.kind == "provider" else now + PATIENCE_SECONDS
    row |= {"answer_until": now + PATIENCE_SECONDS, "due_at": due_at}
    try:
        with savepoint(tx):
            dispute_id: int = tx.execute(_INSERT, row).scalar_one()
    except IntegrityError:
        raise AlreadyOpen(N_("A dispute over this order is open already.")) from None
    if new.kind != "flag":
        outbox.tell(tx, "dispute.opened", dispute_id, now)
    return find_dispute(tx, dispute_id)


def _refuse_repeated(tx: Connection, new: NewDispute) -> None:
    if new.order_id is None:
        return
    mine = select(_disputes.c.state).where(_disputes.c.order_id == new.order_id, _disputes.c.kind == new.kind)
    if new.kind == "distributor":
        mine = mine.where(_disputes.c.node_id == new.node_id)
    states = list(tx.execute(mine).scalars())
    if "final" in states and new.kind in ("buyer", "distributor"):
        raise Refusal(N_("This matter was decided, and the decision is final."))
    if len(states) >= MOST_OF_ORDER:
        raise Refusal(N_("This matter was opened too often."))


def find_dispute(connection: Reader, dispute_id: int) -> AnyRow:
    return connection.execute(select(_disputes).where(_disputes.c.id == dispute_id)).one()


def lock_dispute(tx: Connection, dispute_id: int) -> AnyRow:
    """The dispute; nobody else moves it until the transaction ends."""
    return tx.execute(select(_disputes).where(_disputes.c.id == dispute_id).with_for_update()).one()


def count_open_claims(connection: Reader, node_id: int) -> int:
    """How many claims of a distributor are open."""
    mine = select(func.count()).where(_disputes.c.node_id == node_id, _disputes.c.closed_at.is_(None))
    return connection.execute(mine).scalar_one()
