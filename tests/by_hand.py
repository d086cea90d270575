"""A shop that is paid into its owner's own account: the channel, its code, and a buyer who orders by it."""

from io import BytesIO

import segno
from PIL import Image

from app import payments
from app.db import transaction
from app.picture import clean_picture

HOLDER = "张三"
SETTINGS = {"methods": ["alipay", "wxpay"], "holder": HOLDER, "instructions": "", "hold_hours": "12"}
CODE_TEXT = "https://qr.alipay.com/fkx12345678901234567890"


def code_png(text=CODE_TEXT, *, scale=8, colour="black") -> bytes:
    """A receiving code as a payment app saves it."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4, dark=colour)
    return out.getvalue()


def modules(picture: bytes, *, scale, border=4) -> list[list[bool]]:
    """What a scanner sees of a code's picture: which modules are dark."""
    with Image.open(BytesIO(picture)) as found:
        grey = found.convert("L")
        size = grey.width // scale - 2 * border
        middles = [(border + place) * scale + scale // 2 for place in range(size)]
        return [[grey.getpixel((x, y)) < 128 for x in middles] for y in middles]


def open_channel(shop, *, slug="manual", code="alipay", **changes) -> int:
    """A channel of the gateway, with a code for one of its ways to pay."""
    channel_id = transaction(
        payments.create_channel,
        slug=slug,
        gateway="manual",
        name="转账",
        settings=SETTINGS | changes,
        enabled=True,
        now=shop.now,
    )
    if code:
        picture = clean_picture(code_png()).data
        transaction(payments.save_receiving_code, channel_id, code, picture, shop.now)
    return channel_id
