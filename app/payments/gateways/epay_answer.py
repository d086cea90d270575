"""What EPay providers of both versions answer: addresses to pay at, and a payment that was made."""

import re
from collections.abc import Mapping
from typing import Any

from app.money import parse_fen
from app.payments.gateways.gateway import GatewayUnreachable, QueryResult

# What a provider answers becomes a link on the buyer's page: never a javascript: or an app that is not for paying.
# Of a length that a QR code can hold.
_REST = r"[0-9A-Za-z._~:/?#\[\]@!$&()*+,;=%|{}^-]{1,1800}"
WEB = re.compile(f"https?://{_REST}", re.ASCII)
APP = re.compile(f"(?:weixin|alipays?|mqqapi|https)://{_REST}", re.ASCII)
CODE = re.compile(r"-?[0-9]{1,6}", re.ASCII)
TRADE_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


def either(shape: re.Pattern[str], value: object) -> str | None:
    """The value where it is a text of that shape, else None."""
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def fits(shape: re.Pattern[str], value: object) -> bool:
    return either(shape, value) is not None


def paid_result(answer: Mapping[str, Any], methods: tuple[str, ...]) -> QueryResult:
    """What an answer about a paid payment says. Raises GatewayUnreachable when it lacks what such an answer has."""
    method, trade_number = answer.get("type"), either(TRADE_NUMBER, answer.get("trade_no"))
    if method not in methods or trade_number is None:
        raise GatewayUnreachable("its answer lacks what a paid payment has")
    try:
        return QueryResult(True, trade_number, parse_fen(str(answer.get("money"))), method)
    except ValueError:
        raise GatewayUnreachable("the amount in its answer cannot be read") from None
