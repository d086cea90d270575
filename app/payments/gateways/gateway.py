"""What every gateway offers, and the plain values that pass between it and the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from app.detail import Field
from app.payments.gateways.reading import Notice, Reading

Settings = Mapping[str, Any]


class GatewayUnreachable(Exception):
    """The provider did not answer, or not in a way that can be understood. Nothing is known about the payment."""


class NotSent(GatewayUnreachable):
    """No connection was made: the provider cannot have heard of it, and it may be tried again."""


@dataclass(frozen=True)
class Wanted:
    """A payment to start. `device` is 'pc', 'mobile' or 'wechat' (the browser inside WeChat), `inside_url` the shop's page for that."""

    payment_number: str
    amount_fen: int
    currency: str
    method: str
    notify_url: str
    return_url: str
    device: str
    client_address: str
    expires_at: int
    now: int
    inside_url: str = ""


@dataclass(frozen=True)
class Start:
    """Where the buyer pays: an address, what a QR code says (else the address), and an address that opens an app.

    `reference` is what the provider calls the payment, where it has to be asked by that. `facts` are shown to the buyer: pairs of
    an English msgid and a value, such as the network and the exact amount of a coin.
    """

    url: str | None
    qr_text: str | None = None
    scheme_url: str | None = None
    reference: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """A payment that the provider is asked about; `reference` is what its start kept."""

    payment_number: str
    method: str
    reference: str | None
    now: int


@dataclass(frozen=True)
class QueryResult:
    """What the provider says when it is asked."""

    paid: bool
    trade_number: str | None = None
    amount_fen: int | None = None
    method: str | None = None
    currency: str = "CNY"


@dataclass(frozen=True)
class RefundWanted:
    """Money to send back, a part or all of the `paid_fen` that one payment brought.

    `notify_url` is where the provider may tell how it went; "" where the shop has no public address.
    """

    refund_number: str
    payment_number: str
    trade_number: str
    amount_fen: int
    paid_fen: int
    currency: str
    now: int
    notify_url: str = ""


@dataclass(frozen=True)
class RefundAnswer:
    """How a refund went: 'done', 'failed' (refused, nothing was sent) or 'doubtful' (nobody knows, and it is not sent again)."""

    state: str
    reference: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Trial:
    """Whether the provider knows these keys, and what it said, on one line."""

    works: bool
    says: str = ""


class Gateway(Protocol):
    """A provider's protocol. `settings` are one merchant account's, as they were checked by `check_settings`."""

    name: str
    title: str
    # What kind of account this is for, one sentence, an English msgid.
    about: str
    methods: tuple[str, ...]
    is_test: bool
    fields: tuple[Field, ...]

    def prepare(self, settings: Settings) -> Settings:
        """The settings as they are kept: what people type in two ways, in one."""

    def check_settings(self, settings: Settings) -> dict[str, str]:
        """field -> what is wrong with it, as an English msgid; empty when the account can be used."""

    def merchant(self, settings: Settings) -> str:
        """What a notice for this account must name as its merchant."""

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """Ask the provider something harmless with these keys. Raises GatewayUnreachable."""

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        """Where the buyer pays. Raises GatewayUnreachable."""

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        """Check shape and signature of a delivery. Never raises, whatever comes."""

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        """Ask the provider about a payment. Raises GatewayUnreachable."""

    def can_refund(self, settings: Settings) -> bool:
        """Whether this account can send money back through the provider's interface."""

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        """Send money of a paid payment back, once. Raises NotSent when it cannot have reached the provider, and nothing else."""

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        """The answer that the protocol wants: (body, content type)."""


@runtime_checkable
class Inside(Protocol):
    """A gateway whose app has a browser of its own, in which a payment opens by itself once the app says who the buyer is."""

    def pays_inside(self, settings: Settings) -> bool:
        """Whether this account can do so."""

    def login_url(self, settings: Settings, back_url: str, state: str) -> str:
        """Where the app says who the buyer is; it leads to `back_url` with a code and the state."""

    def start_inside(self, settings: Settings, wanted: Wanted, code: str) -> dict[str, str]:
        """What the app's browser is given to open the payment. Raises GatewayUnreachable."""
