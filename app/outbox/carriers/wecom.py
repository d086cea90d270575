"""WeCom: a group robot of 企业微信 (developer.work.weixin.qq.com, "群机器人配置说明")."""

from urllib.parse import quote

from app.detail import Field
from app.errors import N_
from app.outbox.carriers.carrier import (
    Dispatch,
    Settings,
    Topics,
    Undelivered,
    check_address,
    check_events,
    check_key,
    events_field,
    merchants_topics,
)
from app.outbox.carriers.telegram import ask, chat_text, words_of

ADDRESS = "https://qyapi.weixin.qq.com"
# It takes 2048 bytes, and a Chinese character is three.
MOST_CHARACTERS = 680


class Wecom:
    name = "wecom"
    title = N_("WeCom group robot")
    about = N_("A robot writes into a group of yours in WeCom.")
    fields: tuple[Field, ...] = (
        Field(
            "key",
            N_("Key of the robot"),
            kind="secret",
            hint=N_("What stands behind key= in the robot’s webhook address."),
        ),
        Field(
            "address",
            N_("Address of the interface"),
            kind="address",
            default=ADDRESS,
            hint=N_("Change it only where WeCom is reached through a server of your own."),
        ),
        events_field(),
    )

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_address(settings) | check_events(settings) | check_key(settings, "key", 16)

    def topics(self, settings: Settings) -> Topics:
        return merchants_topics(settings)

    def send(self, settings: Settings, dispatch: Dispatch) -> None:
        said = {"msgtype": "text", "text": {"content": chat_text(dispatch, MOST_CHARACTERS)}}
        url = f"{settings['address'].rstrip('/')}/cgi-bin/webhook/send?key={quote(settings['key'], safe='')}"
        answer = ask(url, said, dispatch)
        if answer.get("errcode") != 0:
            raise Undelivered(words_of(answer, "errcode", "errmsg"))
