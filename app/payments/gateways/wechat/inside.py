"""Paying inside WeChat (JSAPI): WeChat says who the buyer is, and its own browser opens the payment.

https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html (who it is),
https://pay.weixin.qq.com/doc/v3/merchant/4012791856 (the payment), 4012791857 (what the browser is given).
"""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from app.payments.gateways.gateway import GatewayUnreachable, Wanted
from app.payments.gateways.wechat.account import WechatAccount, text_of
from app.payments.gateways.wechat.call import Refused, call
from app.payments.gateways.wechat.fields import WEIXIN
from app.payments.gateways.wechat.order import content_of
from app.payments.http import fetch

LOGIN = "https://open.weixin.qq.com/connect/oauth2/authorize"
_OPEN_ID = re.compile(r"[0-9A-Za-z_-]{10,128}", re.ASCII)
_PREPAY_ID = re.compile(r"[0-9A-Za-z_-]{8,100}", re.ASCII)


def login_url(settings: Mapping[str, Any], back_url: str, state: str) -> str:
    """Where WeChat notes who the buyer is, without asking, and leads back with a code."""
    told = {"appid": settings["app_id"], "redirect_uri": back_url, "response_type": "code", "scope": "snsapi_base"}
    return f"{LOGIN}?{urlencode(told | {'state': state})}#wechat_redirect"


def open_id_of(settings: Mapping[str, Any], code: str) -> str:
    """Who the buyer is to this official account, by a code that works once. Raises GatewayUnreachable."""
    asked = {"appid": settings["app_id"], "secret": settings["app_secret"], "code": code}
    url = f"{text_of(settings, 'weixin_url') or WEIXIN}/sns/oauth2/access_token"
    body = fetch("GET", url, asked | {"grant_type": "authorization_code"})
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    open_id = told.get("openid") if isinstance(told, dict) else None
    if not isinstance(open_id, str) or not _OPEN_ID.fullmatch(open_id):
        number = told.get("errcode") if isinstance(told, dict) else None
        raise GatewayUnreachable(f"it does not say who the buyer is ({str(number)[:10]})")
    return open_id


def start_inside(account: WechatAccount, wanted: Wanted, open_id: str) -> dict[str, str]:
    """What WeChat's browser is given to open the payment. Raises GatewayUnreachable."""
    content = {**content_of(account, wanted), "payer": {"openid": open_id}}
    try:
        answer = call(account, "POST", "/v3/pay/transactions/jsapi", content, now=wanted.now)
    except Refused as no:
        raise GatewayUnreachable(f"it refuses: {no}") from None
    prepay_id = answer.get("prepay_id")
    if not isinstance(prepay_id, str) or not _PREPAY_ID.fullmatch(prepay_id):
        raise GatewayUnreachable("its answer holds nothing to pay by")
    told = {"appId": account.app_id, "timeStamp": str(wanted.now), "nonceStr": secrets.token_hex(16)}
    told |= {"package": f"prepay_id={prepay_id}"}
    message = "".join(f"{value}\n" for value in told.values()).encode()
    signature = account.key.sign(message, PKCS1v15(), SHA256())
    return told | {"signType": "RSA", "paySign": base64.b64encode(signature).decode()}
