"""A link: a distributor's code, ten characters of Crockford's base 32, revocable (distribution 1.3.1)."""

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import Id, Model, Reader, table
from app.statement import Statement

CHECK_ALPHABET = vault.CROCKFORD + "*~$=U"
_LIVE = text("revoked_at IS NULL")


class Link(Model):
    __tablename__ = "link"
    __table_args__ = (Index("uq_link_live", "node_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    created_at: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)


_links = table(Link)
_INSERT = Statement(
    "INSERT INTO link (code, node_id, created_at) VALUES (:code, :node_id, :now) ON CONFLICT DO NOTHING RETURNING code"
)
_FIND = Statement(
    "SELECT link.id AS link_id, coalesce(node.merged_into_id, node.id) AS node_id FROM link "
    "JOIN node ON node.id = link.node_id WHERE link.code = :code AND link.revoked_at IS NULL"
)
_REVOKE = Statement("UPDATE link SET revoked_at = :now WHERE node_id = :node_id AND revoked_at IS NULL")


def open_link(tx: Connection, node_id: int, now: int) -> None:
    """Give the node its link, if it has none; one code serves the shop's link and those of all products."""
    _INSERT.run(tx, {"code": vault.code(10), "node_id": node_id, "now": now})


def renew_link(tx: Connection, node_id: int, now: int) -> None:
    """Revoke the node's link and open a new one: cookies from the old link stop counting."""
    _REVOKE.run(tx, {"node_id": node_id, "now": now})
    open_link(tx, node_id, now)


def link_of_node(connection: Reader, node_id: int) -> str | None:
    """The code of the node's live link."""
    return connection.execute(
        select(_links.c.code).where(_links.c.node_id == node_id, _links.c.revoked_at.is_(None))
    ).scalar()


def find_link(connection: Reader, code: str) -> tuple[int, int] | None:
    """(link id, node id) of the live link with `code`; the link of a claimed guest is the link of who claimed it."""
    row = _FIND.run(connection, {"code": code}).first()
    return (row.link_id, row.node_id) if row else None


def short_code(code: str) -> str:
    """The code with Crockford's check character, for posters and for typing in."""
    number = 0
    for character in code:
        number = number * 32 + vault.CROCKFORD.index(character)
    return code + CHECK_ALPHABET[number % 37]


def check_alias(alias: str) -> str | None:
    """The code behind a short alias, or None when a character is wrong."""
    code = alias[:-1]
    well_formed = len(code) == 10 and all(character in vault.CROCKFORD for character in code)
    return code if well_formed and short_code(code) == alias else None
