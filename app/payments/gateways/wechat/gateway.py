"""WeChat Pay as a gateway of the shop."""

import json

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
from app.payments.gateways.wechat.account import open_account
from app.payments.gateways.wechat.faults import check_account
from app.payments.gateways.wechat.fields import ADDRESS, FIELDS, WEIXIN
from app.payments.gateways.wechat.inside import login_url, open_id_of, start_inside
from app.payments.gateways.wechat.notice import read_notice
from app.payments.gateways.wechat.order import query_order, start_order
from app.payments.gateways.wechat.refund import send_refund
from app.payments.gateways.wechat.told import METHOD, merchant_of
from app.payments.gateways.wechat.trial import try_account


class Wechat:
    """A merchant number of the merchant's own at WeChat Pay."""

    name = "wechat"
    title = N_("WeChat Pay (direct)")
    about = N_("Your own merchant number at WeChat Pay, API v3: Native, H5 where it was opened, and inside WeChat.")
    methods: tuple[str, ...] = (METHOD,)
    is_test = False
    fields: tuple[Field, ...] = FIELDS

    def prepare(self, settings: Settings) -> Settings:
        serial = str(settings.get("serial") or "").replace(":", "").replace(" ", "").upper()
        address = str(settings.get("api_url") or ADDRESS).removesuffix("/")
        weixin = str(settings.get("weixin_url") or WEIXIN).removesuffix("/")
        told = {"serial": serial, "api_url": address, "weixin_url": weixin, "h5": bool(settings.get("h5"))}
        return {**settings, **told}

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_account(settings)

    def merchant(self, settings: Settings) -> str:
        return merchant_of(settings["app_id"], settings["merchant_id"])

    def try_keys(self, settings: Settings, now: int) -> Trial:
        return try_account(open_account(settings), now)

    def start(self, settings: Settings, wanted: Wanted) -> Start:
        """Inside WeChat a page of H5 does not open: there it is a page of the shop's own, or a code, to be pressed long."""
        if wanted.device == "wechat" and self.pays_inside(settings):
            # WeChat Pay hears of the payment only when it has said who the buyer is: one number is started in one way.
            return Start(None, scheme_url=wanted.inside_url)
        return start_order(open_account(settings), wanted, h5=settings["h5"] and wanted.device == "mobile")

    def pays_inside(self, settings: Settings) -> bool:
        return bool(settings.get("app_secret"))

    def login_url(self, settings: Settings, back_url: str, state: str) -> str:
        return login_url(settings, back_url, state)

    def start_inside(self, settings: Settings, wanted: Wanted, code: str) -> dict[str, str]:
        return start_inside(open_account(settings), wanted, open_id_of(settings, code))

    def read(self, settings: Settings, notice: Notice, now: int) -> Reading:
        return read_notice(None if self.check_settings(settings) else open_account(settings), notice, now)

    def query(self, settings: Settings, asked: Asked) -> QueryResult:
        return query_order(open_account(settings), asked)

    def can_refund(self, settings: Settings) -> bool:
        return True

    def refund(self, settings: Settings, wanted: RefundWanted) -> RefundAnswer:
        return send_refund(open_account(settings), wanted)

    def acknowledge(self, accepted: bool) -> tuple[str, str]:
        told = {"code": "SUCCESS"} if accepted else {"code": "FAIL", "message": "失败"}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")), "application/json"
