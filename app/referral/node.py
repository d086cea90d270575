"""A node: a person in the network, member or guest, known to others by a random public id (distribution 1.2, 1.4)."""

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table
from app.referral.link import open_link
from app.statement import Statement


class Node(Model):
    __tablename__ = "node"
    __table_args__ = (CheckConstraint("state IN ('none', 'qualified', 'suspended', 'banned')", name="state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    pid: Mapped[str] = mapped_column(String(16), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    contact_index: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    person_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    state: Mapped[str] = mapped_column(String(10), default="none")
    source: Mapped[str | None] = mapped_column(String(20))
    qualified_at: Mapped[int | None] = mapped_column(BigInteger)
    terms_version: Mapped[str | None] = mapped_column(String(20))
    terms_at: Mapped[int | None] = mapped_column(BigInteger)
    first_paid_at: Mapped[int | None] = mapped_column(BigInteger)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"), index=True)
    created_at: Mapped[int] = mapped_column(BigInteger)


_nodes = table(Node)
_COLUMNS = (
    _nodes.c.id,
    _nodes.c.pid,
    _nodes.c.account_id,
    _nodes.c.state,
    _nodes.c.qualified_at,
    _nodes.c.first_paid_at,
    _nodes.c.merged_into_id,
)
_SELECT = f"SELECT {', '.join(column.name for column in _COLUMNS)} FROM node WHERE "
_BY_ACCOUNT = Statement(_SELECT + "account_id = :account_id AND merged_into_id IS NULL ORDER BY id")
_BY_CONTACT = Statement(_SELECT + "contact_index = :contact_index")
_STANDING = Statement(_SELECT + "id = :id")
_STANDING_LOCKED = Statement(_SELECT + "id = :id", lock="FOR SHARE")
_INSERT = Statement(
    "INSERT INTO node (pid, account_id, contact_index, person_index, state, created_at) "
    "VALUES (:pid, :account_id, :contact_index, :person_index, 'none', :now) ON CONFLICT DO NOTHING RETURNING id"
)
_SELECT_BARRED = """
WITH contacts AS (
    SELECT person_index FROM node WHERE id = :id AND person_index IS NOT NULL
    UNION SELECT identity.person_index FROM identity JOIN node ON node.account_id = identity.account_id WHERE node.id = :id
  )
SELECT 1 FROM node JOIN contacts ON contacts.person_index = node.person_index
WHERE node.id <> :id AND node.state IN ('suspended', 'banned')
UNION ALL
SELECT 1 FROM node JOIN identity ON identity.account_id = node.account_id
JOIN contacts ON contacts.person_index = identity.person_index
WHERE node.id <> :id AND node.state IN ('suspended', 'banned')
LIMIT 1
"""
_BARRED = Statement(_SELECT_BARRED)
_QUALIFY = Statement(
    "UPDATE node SET state = 'qualified', source = :source, qualified_at = :now, terms_version = :terms_version, "
    f"terms_at = :terms_at WHERE id = :id AND state = 'none' AND NOT EXISTS ({_SELECT_BARRED})"
)
_DISQUALIFY = Statement(
    "UPDATE node SET state = CASE WHEN :free_join OR state = 'suspended' THEN state ELSE 'none' END, "
    "source = CASE WHEN :free_join THEN 'free_join' ELSE NULL END "
    "WHERE id = :id AND state IN ('qualified', 'suspended') AND source = 'first_purchase'"
)
_MARK_PAID = Statement("UPDATE node SET first_paid_at = :now WHERE id = :id AND first_paid_at IS NULL")
_MERGE = Statement(
    "UPDATE node SET merged_into_id = :into_id, account_id = (SELECT account_id FROM node AS target WHERE target.id = :into_id) "
    "WHERE id = :id AND account_id IS NULL AND merged_into_id IS NULL"
)


def create_node(
    tx: Connection, *, account_id: int | None, contact_index: bytes | None, person_index: bytes | None, now: int
) -> int | None:
    """Add a node for an account, or for a guest's contact; None when the contact has one already."""
    row = {"account_id": account_id, "contact_index": contact_index, "person_index": person_index}
    return _INSERT.run(tx, row | {"pid": vault.code(16), "now": now}).scalar()


def node_by_account(connection: Reader, account_id: int) -> AnyRow | None:
    """The account's own node: the one that guest nodes were merged into."""
    return _BY_ACCOUNT.run(connection, {"account_id": account_id}).first()


def node_by_contact(connection: Reader, contact_index: bytes) -> AnyRow | None:
    """The guest node of a contact, as it is."""
    return _BY_CONTACT.run(connection, {"contact_index": contact_index}).first()


def contact_node(tx: Connection, *, contact_index: bytes, person_index: bytes, now: int) -> int:
    """The id of the person who buys as a guest with this contact; a claimed guest is the account that claimed it."""
    row = node_by_contact(tx, contact_index)
    if row is None:
        created = create_node(tx, account_id=None, contact_index=contact_index, person_index=person_index, now=now)
        if created is not None:
            return created
        row = node_by_contact(tx, contact_index)
        assert row is not None, "who was quicker has committed: the insert waited for it"
    return row.merged_into_id or row.id


def standing_of(connection: Reader, node_id: int) -> AnyRow:
    """The node as it stands now: id, pid, account_id, state, first_paid_at, merged_into_id."""
    return _STANDING.run(connection, {"id": node_id}).one()


def person_of(connection: Reader, node_id: int) -> int:
    """The id of the person's own node: of a claimed guest, the account's that claimed it."""
    return standing_of(connection, node_id).merged_into_id or node_id


def lock_standing(tx: Connection, node_id: int) -> AnyRow:
    """`standing_of`, and nobody changes it until this transaction ends: a ban waits, or the sale sees it."""
    return _STANDING_LOCKED.run(tx, {"id": node_id}).one()


def nodes_of_account(connection: Reader, account_id: int) -> list[AnyRow]:
    """All nodes that are the account's, its own first: commission of a claimed guest stays where it was accrued."""
    mine = select(*_COLUMNS).where(_nodes.c.account_id == account_id)
    return list(connection.execute(mine.order_by(_nodes.c.merged_into_id.is_not(None), _nodes.c.id)))


def qualify(tx: Connection, node_id: int, *, source: str, terms_version: str | None = None, now: int) -> bool:
    """Grant the right to earn, and a link: 'free_join' with the accepted terms, 'first_purchase', 'admin'.

    False if it was there, or where somebody with the same contact is suspended or banned: a sanction is of the person.
    """
    values = {"id": node_id, "source": source, "now": now, "terms_version": terms_version}
    if _QUALIFY.run(tx, values | {"terms_at": now if terms_version else None}).rowcount == 0:
        return False
    open_link(tx, node_id, now)
    return True


def is_barred(connection: Reader, node_id: int) -> bool:
    """Whether another node with the same contact, a guest's or an account's, is suspended or banned."""
    return _BARRED.run(connection, {"id": node_id}).first() is not None


def lose_purchase(tx: Connection, node_id: int, *, free_join: bool) -> None:
    """The purchase that qualified the node was refunded: the right to earn stays where joining is free, else it goes (1.4).

    What was accrued before is not touched.
    """
    _DISQUALIFY.run(tx, {"id": node_id, "free_join": free_join})


def regain_purchase(tx: Connection, node_id: int, now: int) -> None:
    """A refund failed, and the purchase that qualified the node stands again. Who never qualified, or left, is not touched."""
    node = tx.execute(select(_nodes.c.qualified_at).where(_nodes.c.id == node_id)).one()
    if node.qualified_at is not None:
        qualify(tx, node_id, source="first_purchase", now=now)


def mark_paid(tx: Connection, node_id: int, now: int) -> None:
    """Note the node's first paid order; after it, an invite no longer binds (distribution 1.3.6)."""
    _MARK_PAID.run(tx, {"id": node_id, "now": now})


def merge_node(tx: Connection, node_id: int, into_id: int) -> bool:
    """Make a guest node part of an account's own node; False when somebody claimed it before."""
    return _MERGE.run(tx, {"id": node_id, "into_id": into_id}).rowcount == 1
