"""What a buyer holds, as far as the browser tells."""

from flask import request


def device() -> str:
    """'pc', 'mobile' or 'wechat' (the browser inside WeChat)."""
    agent = request.user_agent.string
    if "MicroMessenger" in agent:
        return "wechat"
    return "mobile" if "Mobi" in agent else "pc"
