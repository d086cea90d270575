"""The merchant's own receiving codes. No provider takes part: the buyer says that they paid, and the merchant looks."""

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

LONGEST_HOLD_HOURS = 24
USUAL_HOLD_HOURS = "12"
MOST_CHARACTERS = 1000


class Manual:
    """For accounts without an interface: codes that a payment app shows, and bank accounts."""

    name = "manual"
    title = N_("Own receiving codes")
    about = N_(
        "Buyers pay into your own account by a picture of your code, or by bank transfer, and say so. You confirm each one by hand."
    )
    methods: tuple[str, ...] = ("alipay", "wxpay", "qqpay", "bank")
    is_test = False
    fields: tuple[Field, ...] = (
        Field(
            "methods",
            N_("Ways to pay"),
            "choices",
            N_("Each is offered once it has a picture, or there are words for the buyer below."),
            options=(
                ("alipay", N_("Alipay")),
                ("wxpay", N_("WeChat Pay")),
                ("qqpay", N_("QQ Wallet")),
                ("bank", N_("Bank transfer")),
            ),
            default=["alipay", "wxpay"],
        ),
        Field("holder", N_("Name on the account"), hint=N_("Buyers compare it with what their app shows."), most=60),
        Field(
            "instructions",
            N_("Words for the buyer"),
            "text",
            N_("For bank transfers the bank and the account number. Buyers see it as you write it."),
            most=MOST_CHARACTERS,
        ),
        Field(
            "hold_hours",
            N_("Hours that goods are kept for a buyer who says that they paid"),
            hint=N_("1 to 24, counted from the order. So much time you have to look. Blank for 12."),
            most=2,
        ),
    )

    def prepare(self, settings: Settings) -> Settings:
        text = {name: str(settings.get(name) or "").strip() for name in ("holder", "instructions", "hold_hours")}
        text["hold_hours"] = text["hold_hours"] or USUAL_HOLD_HOURS
        return {"methods": list(settings.get("methods") or ()), **text}

    def check_settings(self, settings: Settings) -> dict[str, str]:
        found = {}
        if not settings.get("methods") or not set(settings["methods"]) <= set(self.methods):
            found["methods"] = N_("Choose at least one.")
        if not settings.get("holder"):
            found["holder"] = N_("Please fill this in.")
        if len(settings.get("instructions") or "") > MOST_CHARACTERS:
            found["instructions"] = N_("Please keep it to 1000 characters.")
        hours = str(settings.get("hold_hours") or "")
        if not (hours.isascii() and hours.isdigit() and len(hours) < 3 and 1 <= int(hours) <= LONGEST_HOLD_HOURS):
            found["hold_hours"] = N_("Please enter a whole number from 1 to 24.")
        return found

    def merchant(self, settings: Settings) -> str:
        return str(settings["holder"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """There are no keys: what can be wrong was seen when it was entered."""
        return Trial(not self.check_settings(settings))

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        return Start(None)

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return Reading("malformed", "nobody sends notices about a receiving code")

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        raise GatewayUnreachable("there is nobody to ask about a receiving code: the merchant has to look")

    def can_refund(self, settings: Settings) -> bool:
        return False

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return RefundAnswer("failed", reason="money from a receiving code is sent back by hand")

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return "", "text/plain; charset=utf-8"
