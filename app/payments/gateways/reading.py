"""What comes over the wire from a provider, and what a gateway makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Notice:
    """One delivery as it came over the wire; the names of `headers` are in small letters."""

    method: str
    query: bytes
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a notice says. `verdict` is 'valid' (shape and signature are right), 'malformed' or 'forged'.

    Whether it fits a payment of ours is not the gateway's to know. `needs_query` asks for an active query before belief.
    """

    verdict: str
    reason: str = ""
    merchant: str | None = None
    payment_number: str | None = None
    trade_number: str | None = None
    amount_fen: int | None = None
    currency: str = "CNY"
    method: str | None = None
    paid: bool = False
    needs_query: bool = False
    # A refund notice names the refund, by the provider's number, and what went back; then it tells of no payment.
    refund_number: str | None = None
    refunded_fen: int | None = None
    # `refunded_fen` is all that went back of the payment so far, and not this refund alone.
    refund_is_total: bool = False
    # A notice that the buyer disputes the payment at the provider names the dispute, and what is at stake.
    dispute_number: str | None = None
    disputed_fen: int | None = None
    # The refund that it names will not reach the buyer after all.
    refund_failed: bool = False
    # False for a notice in good order that tells of nothing the shop has to do with: it is kept, and nothing comes of it.
    concerns_us: bool = True

    @property
    def tells_of_payment(self) -> bool:
        """Whether it tells of money that came, and not of what became of it later."""
        return self.refund_number is None and self.dispute_number is None

    @property
    def told_fen(self) -> int | None:
        """What went back or is at stake, where it tells of that, else what came."""
        return self.amount_fen if self.tells_of_payment else self.refunded_fen or self.disputed_fen
