"""What a form asks about an account at WeChat Pay."""

from app.errors import N_
from app.payments.gateways.gateway import Field

ADDRESS = "https://api.mch.weixin.qq.com"
WEIXIN = "https://api.weixin.qq.com"
KEY, CERTIFICATES = "key", "certificates"
FIELDS = (
    Field(
        "app_id", "APPID", hint=N_("Begins with wx; it has to be bound to the merchant number at WeChat Pay."), most=32
    ),
    Field(
        "merchant_id",
        N_("Merchant number (mchid)"),
        hint=N_("10 digits, from WeChat Pay’s merchant platform."),
        most=16,
    ),
    Field("secret", N_("APIv3 key"), "secret", N_("The 32 characters that you set at “API security”."), most=64),
    Field("private_key", N_("The merchant's private key"), "secret_text", N_("The file apiclient_key.pem.")),
    Field(
        "serial",
        N_("Serial number of the merchant API certificate"),
        hint=N_("40 characters, shown at “API security”; not the one of the platform certificate."),
        most=60,
    ),
    Field(
        "trust",
        N_("How WeChat Pay is recognised"),
        "choice",
        options=((KEY, N_("by WeChat Pay’s public key")), (CERTIFICATES, N_("by its platform certificates"))),
        default=KEY,
    ),
    Field("key_id", N_("Id of WeChat Pay's public key"), hint=N_("Begins with PUB_KEY_ID_."), most=80),
    Field("wechat_key", N_("WeChat Pay's public key"), "text", N_("The file pub_key.pem. Not your own.")),
    Field(
        "certificates",
        N_("Platform certificate"),
        "text",
        N_(
            "Only with certificates: the file wechatpay_….pem. While WeChat Pay changes it, paste the old and the new one."
        ),
    ),
    Field(
        "h5",
        N_("H5 payments are opened for this merchant"),
        "switch",
        N_("On a phone the buyer then goes to WeChat’s app. Without it the phone shows a code too."),
    ),
    Field(
        "app_secret",
        N_("AppSecret of the official account"),
        "secret",
        N_(
            "For buyers inside WeChat (JSAPI): of the official account whose APPID stands above. Blank where there is none."
        ),
        most=64,
    ),
    Field(
        "weixin_url",
        N_("Address of the official account's interface"),
        "address",
        N_("May stay empty: then it is https://api.weixin.qq.com."),
        default=WEIXIN,
    ),
    Field(
        "api_url",
        N_("Address of the interface"),
        "address",
        N_("May stay empty: then it is https://api.mch.weixin.qq.com."),
        default=ADDRESS,
    ),
)
