"""The balance: commission that was released, spent on goods. No provider stands behind it; the shop's own books pay."""

from app.errors import N_
from app.payments.gateways.gateway import (
    Asked,
    Field,
    GatewayUnreachable,
    Notice,
    QueryResult,
    Reading,
    RefundAnswer,
    RefundWanted,
    Settings,
    Start,
    Trial,
    Wanted,
)


class Balance:
    """Only whoever is logged in and has money available is offered it."""

    name = "balance"
    title = N_("Balance")
    about = N_("Distributors pay with commission that has been released to them. Nothing to set up.")
    methods: tuple[str, ...] = ("balance",)
    is_test = False
    fields: tuple[Field, ...] = ()

    def prepare(self, settings: Settings) -> Settings:
        return settings

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return {}

    def merchant(self, settings: Settings) -> str:
        return "shop"

    def try_keys(self, settings: Settings, now: int) -> Trial:
        return Trial(True)

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        return Start(None)

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return Reading("malformed", "nobody sends notices about the balance")

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        raise GatewayUnreachable("there is no provider to ask about the balance")

    def can_refund(self, settings: Settings) -> bool:
        return True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        """There is nothing to send: the books give it back when they hear of this answer."""
        return RefundAnswer("done", wanted.refund_number)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return "", "text/plain; charset=utf-8"
