"""The clicks that led up to an order, as evidence for a distributor who says that it was not counted (distribution 1.3.17)."""

from dataclasses import dataclass

from sqlalchemy import select

from app.clock import DAY
from app.db import Session
from app.referral.click import Click
from app.referral.link import Link

TRAIL_DAYS = 30
MOST_SHOWN = 10


@dataclass(frozen=True)
class Step:
    """One opening of a member's link. `same_browser` is None where it is not known any more."""

    happened_at: int
    weak: bool
    same_browser: bool | None


def clicks_before(session: Session, node_id: int, until: int, device_hash: bytes | None) -> list[Step]:
    """The latest clicks on the member's links in the 30 days up to `until`, latest first; whose browser is compared by its hash."""
    mine = (
        select(Click.happened_at, Click.weak, Click.device_hash)
        .join(Link, Link.id == Click.link_id)
        .where(Link.node_id == node_id, Click.happened_at.between(until - TRAIL_DAYS * DAY, until))
    )
    found = session.execute(mine.order_by(Click.happened_at.desc()).limit(MOST_SHOWN))
    return [
        Step(row.happened_at, row.weak, row.device_hash == device_hash if row.device_hash and device_hash else None)
        for row in found
    ]
