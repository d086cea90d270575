"""Vesting: how much of a commission is earned by now, by the nature of the goods. Pure: numbers in, numbers out (1.10)."""

from dataclasses import dataclass

from app.clock import DAY

KINDS = ("instant", "validity", "use_count", "first_use")
# Asia/Shanghai has had no summer time since 1991.
SHANGHAI_OFFSET_SECONDS = 8 * 3600


@dataclass(frozen=True)
class Terms:
    """What decides when a line's commission is earned. `validity_days` and `uses` belong to the kinds that have them."""

    kind: str
    delivered_at: int
    hold_days: int
    validity_days: int | None = None
    uses: int | None = None
    used: int = 0
    activated_at: int | None = None
    expires_at: int | None = None
    forfeit_unused: bool = False
    midnight: bool = False

    @property
    def mature_at(self) -> int | None:
        """The instant from which anything is evaluated: delivery, or activation, plus the hold.

        What is never activated waits for its expiry; without one it waits for the activation.
        """
        start = self.activated_at if self.kind == "first_use" else self.delivered_at
        if start is not None:
            return self._aligned(start + self.hold_days * DAY)
        if self.expires_at is None:
            return None
        return max(self.expires_at, self._aligned(self.delivered_at + self.hold_days * DAY))

    def _aligned(self, instant: int) -> int:
        if not self.midnight:
            return instant
        return -(-(instant + SHANGHAI_OFFSET_SECONDS) // DAY) * DAY - SHANGHAI_OFFSET_SECONDS


def progress(terms: Terms, now: int) -> tuple[int, int]:
    """(earned, whole): the fraction of the gross that is earned at `now`; nothing before `mature_at`."""
    if terms.mature_at is None or now < terms.mature_at:
        return 0, 1
    if terms.kind == "validity":
        assert terms.validity_days
        return min((now - terms.delivered_at) // DAY, terms.validity_days), terms.validity_days
    if terms.kind == "use_count" and not (_expired(terms, now) and not terms.forfeit_unused):
        assert terms.uses
        return min(terms.used, terms.uses), terms.uses
    return 1, 1


def _expired(terms: Terms, now: int) -> bool:
    return terms.expires_at is not None and now >= terms.expires_at


def vested(gross_fen: int, net_fen: int, fraction: tuple[int, int]) -> int:
    """The one formula: the curve runs on the gross and is capped by the net, so a refund leaves exactly what was earned."""
    earned, whole = fraction
    return min(net_fen, gross_fen * earned // whole)


def next_change(terms: Terms, now: int) -> int | None:
    """The next instant after `now` at which time alone earns more; None when it never will."""
    if terms.mature_at is None or now < terms.mature_at:
        return terms.mature_at
    earned, whole = progress(terms, now)
    if earned == whole:
        return None
    if terms.kind == "validity":
        return terms.delivered_at + (earned + 1) * DAY
    if _expired(terms, now):
        return None
    return terms.expires_at


def is_forfeited(terms: Terms, now: int) -> bool:
    """Whether the unused rest is given up at `now`: the uses ran out of time, and the product says that they are lost."""
    return (
        terms.kind == "use_count"
        and terms.forfeit_unused
        and _expired(terms, now)
        and terms.mature_at is not None
        and now >= terms.mature_at
    )
