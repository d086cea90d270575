"""Whether two are the same person: the hard half of self-referral (distribution 1.3.10)."""

from sqlalchemy import Connection, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Reader
from app.statement import Statement


class Device(Model):
    """A browser that a node was seen in, by the hash of its device cookie."""

    __tablename__ = "device"

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    device_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


_REMEMBER = Statement(
    "INSERT INTO device (node_id, device_hash) VALUES (:node_id, :device_hash) ON CONFLICT DO NOTHING"
)
# A person has the own node and those of guests that were claimed; the first match wins. Whatever contact either side typed,
# now or before, counts: a refusal needs less proof than a payment.
_SAME = Statement(
    """
WITH buyer(person_index) AS (
  SELECT identity.person_index FROM identity WHERE identity.account_id = :account_id
  UNION SELECT guest.person_index FROM node AS guest WHERE guest.account_id = :account_id AND guest.person_index IS NOT NULL
)
SELECT CASE
  WHEN node.id = :buyer_node_id OR node.account_id = :account_id THEN 'self_node'
  WHEN node.contact_index = :contact_index OR node.person_index = :person_index
    OR EXISTS (SELECT 1 FROM identity WHERE identity.account_id = node.account_id
      AND (identity.value_index = :contact_index OR identity.person_index = :person_index))
    OR EXISTS (SELECT 1 FROM buyer WHERE buyer.person_index = node.person_index OR buyer.person_index IN
      (SELECT identity.person_index FROM identity WHERE identity.account_id = node.account_id)) THEN 'self_contact'
  WHEN EXISTS (SELECT 1 FROM device WHERE device.node_id = node.id AND device.device_hash = :device_hash) THEN 'self_device'
  WHEN EXISTS (SELECT 1 FROM node_payee AS theirs JOIN node_payee AS mine ON mine.payee_index = theirs.payee_index
    JOIN node AS own ON own.id = mine.node_id WHERE theirs.node_id = node.id
    AND (own.id = :buyer_node_id OR own.merged_into_id = :buyer_node_id OR own.account_id = :account_id)) THEN 'self_payee'
END AS reason FROM node WHERE node.id = :node_id OR node.merged_into_id = :node_id
"""
)


def remember_device(tx: Connection, node_id: int, device_hash: bytes | None) -> None:
    if device_hash:
        _REMEMBER.run(tx, {"node_id": node_id, "device_hash": device_hash})


def same_person(
    connection: Reader,
    node_id: int,
    *,
    buyer_node_id: int | None = None,
    account_id: int | None = None,
    contact_index: bytes | None = None,
    person_index: bytes | None = None,
    device_hash: bytes | None = None,
) -> str | None:
    """Why the node and the buyer so described are one person: 'self_node', 'self_contact', 'self_device', 'self_payee', or None."""
    reasons = _SAME.run(
        connection,
        {
            "node_id": node_id,
            # SQL's NULL equals nothing, so what is not known never matches; ids begin at 1.
            "buyer_node_id": buyer_node_id or 0,
            "account_id": account_id or 0,
            "contact_index": contact_index or b"",
            "person_index": person_index or b"",
            "device_hash": device_hash or b"",
        },
    ).scalars()
    return next(filter(None, reasons), None)
