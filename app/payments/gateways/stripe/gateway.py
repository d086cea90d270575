"""Stripe as a gateway of the shop."""

from app.errors import N_
from app.payments.gateways.gateway import (
    Asked,
    Field,
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
from app.payments.gateways.stripe.account import FIELDS, check_account, is_live, mode
from app.payments.gateways.stripe.call import Refused, call
from app.payments.gateways.stripe.event import read_event
from app.payments.gateways.stripe.refund import send_refund
from app.payments.gateways.stripe.session import query_session, start_session
from app.payments.gateways.stripe.told import METHOD


class Stripe:
    """Buyers pay on Stripe's own page, by whatever ways the merchant has switched on there."""

    name = "stripe"
    title = "Stripe"
    about = N_("Cards, Apple Pay, Google Pay and whatever else you switch on at Stripe. Buyers pay on Stripe’s page.")
    methods: tuple[str, ...] = (METHOD,)
    is_test = False
    fields: tuple[Field, ...] = FIELDS

    def prepare(self, settings: Settings) -> Settings:
        return settings

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings)

    def has_test_keys(self, settings: Settings) -> bool:
        """With a test key everybody can pay by a card number that stands in Stripe's documentation."""
        return not is_live(settings)

    def merchant(self, settings: Settings) -> str:
        """ "live" or "test": what `livemode` of an event has to say. The endpoint's secret stands for the account itself.

        An event about an account that is connected to ours names it, and then is for another merchant.
        """
        return mode(is_live(settings))

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """Read the balance, which every secret key may; it says of which mode it is."""
        try:
            answer = call(settings, "GET", "balance")
        except Refused as no:
            return Trial(False, str(no))
        works = answer.get("object") == "balance" and answer.get("livemode") is is_live(settings)
        return Trial(works, "" if works else "its answer is of the other mode")

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        return start_session(settings, wanted)

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return read_event(settings, notice, now)

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        return query_session(settings, asked)

    def can_refund(self, settings: Settings) -> bool:
        return True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return send_refund(settings, wanted)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        """The status alone counts (https://docs.stripe.com/webhooks#acknowledge-events-immediately)."""
        return ("received" if accepted else "refused"), "text/plain; charset=utf-8"
