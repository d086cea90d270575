"""Telegram: a bot writes to a chat (core.telegram.org/bots/api, sendMessage)."""

import json
from typing import Any

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
    post,
)

ADDRESS = "https://api.telegram.org"
MOST_CHARACTERS = 4096


class Telegram:
    name = "telegram"
    title = "Telegram"
    about = N_("A bot of yours writes to you, or into a group.")
    fields: tuple[Field, ...] = (
        Field("token", N_("Token of the bot"), kind="secret", hint=N_("@BotFather gives it to you.")),
        Field(
            "chat", N_("Number of the chat"), hint=N_("Yours or a group’s, like 123456789, -1001234567890 or @channel.")
        ),
        Field(
            "address",
            N_("Address of the interface"),
            kind="address",
            default=ADDRESS,
            hint=N_("Change it only where Telegram is reached through a server of your own."),
        ),
        events_field(),
    )

    def check_settings(self, settings: Settings) -> dict[str, str]:
        faults = check_address(settings) | check_events(settings) | check_key(settings, "token", 20)
        number, colon, rest = str(settings.get("token") or "").partition(":")
        if "token" not in faults and not (
            number.isdigit() and colon and rest.replace("-", "").replace("_", "").isalnum()
        ):
            faults["token"] = N_("A token looks like 123456789:AA… and has a colon in it.")
        chat = str(settings.get("chat") or "")
        if not (chat.removeprefix("-").isdigit() or (chat.startswith("@") and len(chat) > 1)) or not chat.isascii():
            faults["chat"] = N_("Please enter the number of the chat, or @ and the name of a channel.")
        return faults

    def topics(self, settings: Settings) -> Topics:
        return merchants_topics(settings)

    def send(self, settings: Settings, dispatch: Dispatch) -> None:
        said = {"chat_id": settings["chat"], "text": chat_text(dispatch, MOST_CHARACTERS)}
        said["link_preview_options"] = {"is_disabled": True}
        url = f"{settings['address'].rstrip('/')}/bot{settings['token']}/sendMessage"
        answer = ask(url, said, dispatch)
        if answer.get("ok") is not True:
            raise Undelivered(words_of(answer, "error_code", "description"))


def chat_text(dispatch: Dispatch, most: int) -> str:
    """What a messenger shows: the title, what there is to say, and where to see more, cut to what it takes."""
    tail = f"\n{dispatch.url}" if dispatch.url else ""
    return f"{dispatch.title}\n{dispatch.text}".strip()[: most - len(tail)] + tail


def ask(url: str, said: dict[str, Any], dispatch: Dispatch) -> dict[str, Any]:
    """What a messenger's interface answers to a JSON body. Raises Undelivered."""
    body = json.dumps(said, ensure_ascii=False).encode()
    reply = post(url, body, {"Content-Type": "application/json"}, dispatch)
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Undelivered(f"it answers {reply.status}, and nothing that can be understood")
    return answer


def words_of(answer: dict[str, Any], code: str, words: str) -> str:
    """Why a messenger says no, on one line."""
    return f"it answers {str(answer.get(code))[:20]}: {' '.join(str(answer.get(words)).split())[:120]}"
