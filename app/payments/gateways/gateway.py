"""What every gateway offers, and the plain values that pass between it and the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Settings = Mapping[str, Any]


class GatewayUnreachable(Exception):
    """The provider did not answer, or not in a way that can be understood. Nothing is known about the payment."""


class NotSent(GatewayUnreachable):
    """No connection was made: the provider cannot have heard of it, and it may be tried again."""


@dataclass(frozen=True)
class Start:
    """Where the buyer pays: an address, what a QR code says (else the address), and an address that opens an app."""

    url: str | None
    qr_text: str | None = None
    scheme_url: str | None = None


@dataclass(frozen=True)
class Notice:
    """One delivery as it came over the wire."""

    method: str
    query: bytes
    body: bytes
    content_type: str


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


@dataclass(frozen=True)
class QueryResult:
    """What the provider says when it is asked."""

    paid: bool
    trade_number: str | None = None
    amount_fen: int | None = None
    method: str | None = None


@dataclass(frozen=True)
class RefundAnswer:
    """How a refund went: 'done', 'failed' (refused, nothing was sent) or 'doubtful' (nobody knows, and it is not sent again)."""

    state: str
    reference: str | None = None
    reason: str = ""


class Gateway(Protocol):
    """A provider's protocol. `settings` are one merchant account's, as they were checked by `check_settings`."""

    name: str
    title: str
    methods: tuple[str, ...]
    is_test: bool

    def check_settings(self, settings: Settings) -> dict[str, str]:
        """field -> what is wrong with it, as an English msgid; empty when the account can be used."""

    def start(
        self,
        settings: Settings,
        *,
        payment_number: str,
        amount_fen: int,
        method: str,
        notify_url: str,
        return_url: str,
        device: str,
        client_address: str,
    ) -> Start:
        """Where the buyer pays. `device` is 'pc' or 'mobile'."""

    def read(self, settings: Settings, notice: Notice) -> Reading:
        """Check shape and signature of a delivery. Never raises, whatever comes."""

    def query(self, settings: Settings, payment_number: str) -> QueryResult:
        """Ask the provider about a payment. Raises GatewayUnreachable."""

    def can_refund(self, settings: Settings) -> bool:
        """Whether this account can send money back through the provider's interface."""

    def refund(
        self, settings: Settings, *, refund_number: str, payment_number: str, trade_number: str, amount_fen: int
    ) -> RefundAnswer:
        """Send money of a paid payment back, once. Raises NotSent when it cannot have reached the provider, and nothing else."""

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        """The answer that the protocol wants: (body, content type)."""
