"""USDT by a relay of the merchant's own: epusdt, and BEpusdt, which speaks the same (epusdt, wiki/API.md).

The relay watches the chain and holds the wallet's addresses; it tells the coins' amount, and reports by a signed notice.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from app.errors import N_
from app.money import yuan
from app.payments.gateways.epay_account import check_account, check_provider
from app.payments.gateways.epusdt_notice import METHOD, Spelled, Unreadable, amount_of, read_notice, read_object, sign
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
from app.payments.http import exchange

NETWORKS = (
    ("", N_("The relay’s own (epusdt: TRC20)")),
    ("usdt.trc20", "USDT · TRC20"),
    ("usdt.polygon", "USDT · Polygon"),
    ("usdt.bep20", "USDT · BEP20"),
    ("tron.trx", "TRX"),
)
_CREATE = "api/v1/order/create-transaction"
_COINS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)
_ADDRESS = re.compile(r"[0-9A-Za-z]{20,100}", re.ASCII)
_TRADE = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_PAGE = re.compile(r"[0-9A-Za-z._~:/?#&=%+-]{1,600}", re.ASCII)


class Epusdt:
    """Money comes in coins on a chain: nobody can send it back but the merchant."""

    name = "epusdt"
    title = "USDT (epusdt / BEpusdt)"
    about = N_("A relay that you run yourself watches your wallet. The order’s amount stays in yuan.")
    methods: tuple[str, ...] = (METHOD,)
    is_test = False
    fields: tuple[Field, ...] = (
        Field("api_url", N_("The relay's address"), "address", N_("For example https://usdt.example.com/")),
        Field(
            "key",
            N_("The relay's token"),
            "secret",
            N_("api_auth_token in epusdt, auth_token in BEpusdt: at least 16 characters."),
            most=200,
        ),
        Field(
            "network",
            N_("Coin and network"),
            "choice",
            N_("BEpusdt knows several; epusdt takes its own."),
            NETWORKS,
            default="",
        ),
    )

    def prepare(self, settings: Settings) -> Settings:
        address = settings.get("api_url")
        ends = not isinstance(address, str) or not address or address.endswith("/")
        return settings if ends else {**settings, "api_url": f"{address}/"}

    def check_settings(self, settings: Settings) -> dict[str, str]:
        known = {"merchant_id": "relay", "mode": "submit", "methods": [METHOD], **settings}
        faults = check_account(known) | check_provider(known, self.methods)
        if settings.get("network", "") not in dict(NETWORKS):
            faults["network"] = N_("Please choose one.")
        return faults

    def merchant(self, settings: Settings) -> str:
        return str(settings["api_url"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        """Ask for a payment of nothing: a relay that accepts the signature refuses the amount, and begins no payment."""
        answer = _call(
            settings, {"order_id": f"test{now}", "amount": Spelled("0"), "notify_url": "https://example.com/"}
        )
        code, said = answer.get("status_code", ""), answer.get("message", "")[:200]
        # 401 is what both relays answer to a signature that is wrong.
        return Trial(code not in ("", "401", "404", "500"), said)

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        form = {
            "order_id": wanted.payment_number,
            "amount": Spelled(_amount(wanted.amount_fen)),
            "notify_url": wanted.notify_url,
            "redirect_url": wanted.return_url,
        }
        answer = _call(settings, form | ({"trade_type": settings["network"]} if settings.get("network") else {}))
        if answer.get("status_code") != "200":
            raise GatewayUnreachable(f"it answers: {_line(answer.get('message', ''))}")
        return _begun(settings, wanted, answer)

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        token = "" if "key" in self.check_settings(settings) else settings["key"]
        return read_notice(notice, token, str(settings.get("api_url", "")))

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        """The relay's page tells a status without a signature and without an amount: that is not enough to believe."""
        raise GatewayUnreachable("a relay cannot be asked in a way that can be believed")

    def can_refund(self, settings: Settings) -> bool:
        return False

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return RefundAnswer("failed", reason="coins are sent back by hand")

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        return ("ok" if accepted else "fail"), "text/plain; charset=utf-8"


def _amount(fen: int) -> str:
    return yuan(fen).rstrip("0").rstrip(".")


def _call(settings: Settings, form: Mapping[str, str]) -> dict[str, str]:
    """What the relay answers, its `data` among the rest, each name with `data.` before it."""
    signature = sign(form, settings["key"])
    # The amount is a number in the JSON and the same text in the signature.
    body = {
        name: float(value) if isinstance(value, Spelled) and "." in value else value for name, value in form.items()
    }
    body = {name: int(value) if isinstance(value, Spelled) else value for name, value in body.items()}
    content = json.dumps(body | {"signature": signature}).encode()
    reply = exchange(
        "POST", f"{settings['api_url']}{_CREATE}", content=content, headers={"Content-Type": "application/json"}
    )
    if reply.status not in (200, 400, 401):
        raise GatewayUnreachable(f"it answers {reply.status}")
    return _flat(reply.body)


def _flat(body: bytes) -> dict[str, str]:
    try:
        whole = json.loads(body)
        data = whole.get("data") if isinstance(whole, dict) else None
        outer = {name: value for name, value in whole.items() if name != "data"}
        values = read_object(json.dumps(outer).encode())
        if isinstance(data, dict):
            # Once more from the text, so that its numbers keep their spelling.
            inner = json.loads(body, parse_float=Spelled, parse_int=Spelled)["data"]
            values |= {f"data.{name}": str(value) for name, value in inner.items() if isinstance(value, str)}
    except (ValueError, AttributeError, RecursionError, Unreadable):
        raise GatewayUnreachable("its answer cannot be read") from None
    return values


def _begun(settings: Settings, wanted: Wanted, answer: Mapping[str, str]) -> Start:
    told = {name.removeprefix("data."): value for name, value in answer.items() if name.startswith("data.")}
    page, coins, address = told.get("payment_url", ""), told.get("actual_amount", ""), told.get("token", "")
    if told.get("order_id") != wanted.payment_number or amount_of(told.get("amount", "")) != wanted.amount_fen:
        raise GatewayUnreachable("its answer is about another payment")
    if not (_COINS.fullmatch(coins) and _ADDRESS.fullmatch(address) and _TRADE.fullmatch(told.get("trade_id", ""))):
        raise GatewayUnreachable("its answer lacks what a payment needs")
    if not _PAGE.fullmatch(page) or urlsplit(page).scheme != urlsplit(settings["api_url"]).scheme:
        raise GatewayUnreachable("its answer holds no address to pay at")
    network = dict(NETWORKS)[settings.get("network", "")] if settings.get("network") else "USDT · TRC20"
    coin = network.partition(" ")[0]
    facts = [(N_("Network"), network), (N_("Exact amount"), f"{coins} {coin}"), (N_("To this address"), address)]
    if Decimal(coins):
        rate = (Decimal(wanted.amount_fen) / 100 / Decimal(coins)).quantize(Decimal("0.0001"))
        facts.append((N_("Rate"), f"1 {coin} = ¥{rate}"))
    return Start(page, reference=told["trade_id"], facts=tuple(facts))


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:120]
