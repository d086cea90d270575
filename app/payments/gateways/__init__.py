"""Gateways: one slice a provider, all with the same few functions. Protocol only: no web, no database, no clock.

To add one, copy `epay.py`, keep its shape, and enter it in GATEWAYS; CONTRIBUTING says what else a slice needs.
"""

from app.payments.gateways.alipay import Alipay
from app.payments.gateways.balance import Balance
from app.payments.gateways.epay import Epay
from app.payments.gateways.epay2 import Epay2
from app.payments.gateways.epusdt import Epusdt
from app.payments.gateways.gateway import (
    Asked,
    Field,
    Gateway,
    GatewayUnreachable,
    Inside,
    Notice,
    NotSent,
    QueryResult,
    Reading,
    RefundAnswer,
    RefundWanted,
    Start,
    Trial,
    Wanted,
)
from app.payments.gateways.manual import Manual
from app.payments.gateways.sandbox import Sandbox
from app.payments.gateways.stripe import Stripe
from app.payments.gateways.wechat import Wechat

GATEWAYS: dict[str, Gateway] = {
    gateway.name: gateway
    for gateway in (Alipay(), Wechat(), Epay(), Epay2(), Manual(), Stripe(), Epusdt(), Balance(), Sandbox())
}
# Nobody calls back for these: they have no callback route.
SILENT = frozenset({"manual", "balance"})
# Nobody can be asked about these, or not in a way that can be believed.
UNASKED = SILENT | {"epusdt"}

__all__ = [
    "GATEWAYS",
    "SILENT",
    "UNASKED",
    "Asked",
    "Field",
    "Gateway",
    "GatewayUnreachable",
    "Inside",
    "NotSent",
    "Notice",
    "QueryResult",
    "Reading",
    "RefundAnswer",
    "RefundWanted",
    "Start",
    "Trial",
    "Wanted",
]
