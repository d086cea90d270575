"""WeChat Pay, API v3: a code to scan (Native) or its page on a phone (H5), signed notices, a query, and refunds by our number.

https://pay.weixin.qq.com/doc/v3/merchant/ says what it speaks.
"""

from app.payments.gateways.wechat.gateway import Wechat

__all__ = ["Wechat"]
