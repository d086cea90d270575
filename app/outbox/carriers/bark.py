"""Bark: push to an iPhone, by the public server or one's own (bark.day.app, "POST /push")."""

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
from app.outbox.carriers.telegram import ask, words_of

ADDRESS = "https://api.day.app"
# A push of Apple's holds 4096 bytes with everything in it.
MOST_CHARACTERS = 800


class Bark:
    name = "bark"
    title = "Bark"
    about = N_("Pushes to your iPhone.")
    fields: tuple[Field, ...] = (
        Field("key", N_("Key of the device"), kind="secret", hint=N_("The app shows it in its test address.")),
        Field(
            "address",
            N_("Address of the server"),
            kind="address",
            default=ADDRESS,
            hint=N_("Change it if you run a Bark server of your own."),
        ),
        events_field(),
    )

    def check_settings(self, settings: Settings) -> dict[str, str]:
        return check_address(settings) | check_events(settings) | check_key(settings, "key", 16)

    def topics(self, settings: Settings) -> Topics:
        return merchants_topics(settings)

    def send(self, settings: Settings, dispatch: Dispatch) -> None:
        said = {"device_key": settings["key"], "title": dispatch.title, "body": dispatch.text[:MOST_CHARACTERS]}
        said |= {"group": "Tengka", "url": dispatch.url} if dispatch.url else {"group": "Tengka"}
        answer = ask(f"{settings['address'].rstrip('/')}/push", said, dispatch)
        if answer.get("code") != 200:
            raise Undelivered(words_of(answer, "code", "message"))
