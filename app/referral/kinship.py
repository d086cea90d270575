"""Whether two distributors are one person: an identity is paid at one level only (distribution 1.3.10, section 3)."""

from sqlalchemy import Connection, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader
from app.statement import Statement


class NodePayee(Model):
    """An account that a node was ever paid to, or wanted to be, by its blind index."""

    __tablename__ = "node_payee"
    __table_args__ = (Index("ix_node_payee_index", "payee_index"),)

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    payee_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


_REMEMBER = Statement(
    "INSERT INTO node_payee (node_id, payee_index) VALUES (:node_id, :payee_index) ON CONFLICT DO NOTHING"
)
_LINKED = Statement(
    """
WITH one AS (SELECT id, account_id, person_index FROM node WHERE id = :one_id OR merged_into_id = :one_id),
  two AS (SELECT id, account_id, person_index FROM node WHERE id = :two_id OR merged_into_id = :two_id),
  traces_of_one AS (
    SELECT person_index AS trace FROM one WHERE person_index IS NOT NULL
    UNION SELECT identity.person_index FROM identity JOIN one ON identity.account_id = one.account_id
    UNION SELECT device_hash FROM device JOIN one ON device.node_id = one.id
    UNION SELECT payee_index FROM node_payee JOIN one ON node_payee.node_id = one.id
  ),
  traces_of_two AS (
    SELECT person_index AS trace FROM two WHERE person_index IS NOT NULL
    UNION SELECT identity.person_index FROM identity JOIN two ON identity.account_id = two.account_id
    UNION SELECT device_hash FROM device JOIN two ON device.node_id = two.id
    UNION SELECT payee_index FROM node_payee JOIN two ON node_payee.node_id = two.id
  )
SELECT 1 FROM traces_of_one JOIN traces_of_two ON traces_of_two.trace = traces_of_one.trace LIMIT 1
"""
)


def remember_payee(tx: Connection, node_id: int, payee_index: bytes) -> None:
    """Note where a node wants to be paid. An account that was given up counts as long as one that is in use."""
    _REMEMBER.run(tx, {"node_id": node_id, "payee_index": payee_index})


def linked(connection: Reader, one_id: int, two_id: int) -> bool:
    """Whether two nodes share a contact, a browser or an account to be paid to."""
    return _LINKED.run(connection, {"one_id": one_id, "two_id": two_id}).first() is not None
