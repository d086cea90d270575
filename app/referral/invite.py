"""An invite: the signed token in a shared link, and the signed cookie that remembers who shared it (distribution 1.3)."""

from dataclasses import dataclass

from sqlalchemy import text

from app import vault
from app.clock import DAY
from app.db import Reader

VERSION = 1


@dataclass(frozen=True)
class Invite:
    """What a valid cookie says: the inviter's node, and the click that proves it."""

    node_id: int
    click_id: str


# The click must exist, its link must be live and be the inviter's, and the inviter must be allowed to earn.
_INVITER = text(
    "SELECT own.id FROM click JOIN link ON link.id = click.link_id JOIN node ON node.id = link.node_id "
    "JOIN node AS own ON own.id = coalesce(node.merged_into_id, node.id) WHERE click.id = :click_id "
    "AND link.revoked_at IS NULL AND (node.pid = :pid OR own.pid = :pid) AND own.state = 'qualified'"
)


def invite_token(code: str, product_slug: str | None = None, campaign: str | None = None) -> str:
    """The path segment of a shared link: code, product and campaign, signed; any changed character breaks it."""
    return vault.sign("link", [code, product_slug, campaign])


def token_target(token: str) -> tuple[str, str | None] | None:
    """(code, product slug) of a shared link, or None when the token is not ours."""
    match vault.unsign("link", token):
        case [str(code), str() | None as product_slug, _]:
            return code, product_slug
    return None


def sign_invite(pid: str, click_id: str, *, cookie_days: int, now: int) -> str:
    """The value of the invite cookie. It names no person: a random pid and a random click."""
    return vault.sign(
        "invite", {"v": VERSION, "pid": pid, "click": click_id, "iat": now, "exp": now + cookie_days * DAY}
    )


def read_invite(connection: Reader, cookie: str | None, *, cookie_days: int, now: int) -> Invite | None:
    """The invite that a cookie carries, or None when it is forged, too old, revoked, or its inviter may not earn."""
    match vault.unsign("invite", cookie) if cookie else None:
        case {"v": 1, "pid": str(pid), "click": str(click_id), "iat": int(issued), "exp": int(expires)}:
            # The client's max-age is not trusted; neither is a cookie from before the merchant shortened the window.
            if not issued <= now < min(expires, issued + cookie_days * DAY):
                return None
            node_id = connection.execute(_INVITER, {"click_id": click_id, "pid": pid}).scalar()
            return Invite(node_id, click_id) if node_id else None
    return None
