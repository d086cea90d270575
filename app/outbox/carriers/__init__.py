"""The ways out of the shop, each one file with a class of the same shape."""

from app.outbox.carriers.bark import Bark
from app.outbox.carriers.carrier import Carrier, Dispatch, Undelivered
from app.outbox.carriers.mail import Mail, readers_of
from app.outbox.carriers.telegram import Telegram
from app.outbox.carriers.webhook import Webhook, draw_secret
from app.outbox.carriers.wecom import Wecom

CARRIERS: dict[str, Carrier] = {one.name: one for one in (Mail(), Webhook(), Telegram(), Wecom(), Bark())}

__all__ = ["CARRIERS", "Carrier", "Dispatch", "Undelivered", "draw_secret", "readers_of"]
