"""A signed request to an EPay v2 provider and its answer, believed only when the platform signed it in these minutes.

A no is the exception: providers answer it without a signature. It is believed for what it costs little to believe.
"""

import re
from collections.abc import Mapping

from app.payments.alipay.certificate import read_private_key, read_public_key
from app.payments.gateways.epay2_signature import is_signed, is_timely, signed
from app.payments.gateways.epay_http import call as fetch_object
from app.payments.gateways.epay_refund import words
from app.payments.gateways.gateway import GatewayUnreachable, Settings

# 1 is a yes in the first version: whoever answers it here is not understood.
_NO = re.compile(r"-[1-9][0-9]{0,5}|[2-9][0-9]{0,5}|1[0-9]{1,5}", re.ASCII)


class Refused(Exception):
    """The provider says no, in its words; `code` is the number of its no."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said or f"it answers code {code}")
        self.code = code


def form_of(settings: Settings, parameters: Mapping[str, str], now: int) -> dict[str, str]:
    """`parameters` as this merchant signs them."""
    return signed({**parameters, "pid": settings["merchant_id"]}, read_private_key(settings["private_key"]), now)


def call(settings: Settings, path: str, parameters: Mapping[str, str], now: int) -> dict[str, str]:
    """The signed texts and numbers of the provider's yes; lists and objects are left out, no signature covers them.

    Raises Refused on a plain no, NotSent when no connection was made, GatewayUnreachable when nobody can say what it did.
    """
    told = fetch_object("POST", f"{settings['api_url']}api/{path}", form_of(settings, parameters, now))
    answer = {name: value for name, value in told.items() if isinstance(value, str)}
    code = answer.get("code", "")
    if _NO.fullmatch(code):
        raise Refused(code, words(answer.get("msg"), settings["private_key"]))
    if code != "0":
        raise GatewayUnreachable("its answer says neither yes nor no")
    if not is_signed(answer, read_public_key(settings["platform_key"])):
        raise GatewayUnreachable("its answer is not signed by the platform's key")
    if not is_timely(answer, now):
        raise GatewayUnreachable("its answer is of another time")
    return answer
