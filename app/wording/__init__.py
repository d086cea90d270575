"""The wording of letters: what is known becomes what a person reads, in that person's language, at the moment of sending."""

from collections.abc import Callable
from dataclasses import asdict

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app import accounts, clock, outbox, shop, trade
from app.db import AnyRow, db
from app.languages import DEFAULT
from app.outbox import ACCRUED, Dispatch, Way
from app.wording import account, buyer, distributor, merchant
from app.wording.words import Words

__all__ = ["trial", "write"]

TOPIC = {ACCRUED: outbox.EARNED, "commission.released": outbox.RELEASED, "payout.paid": outbox.PAID_OUT}


def write(letter: AnyRow, way: Way) -> Dispatch | None:
    """A letter as its carrier takes it; None when there is nothing to tell any more."""
    if letter.audience == "buyer":
        order = buyer.order_of(letter)
        return _put(letter, (order.contact,), order.locale, lambda: buyer.word(letter, order)) if order else None
    if letter.audience == "distributor":
        to = accounts.mail_address(db.session, letter.account_id)
        locale = outbox.wishes_of(db.session, letter.account_id).get(TOPIC[letter.event])
        return _put(letter, (to,), locale, lambda: distributor.word(letter)) if to and locale else None
    if letter.audience == "account":
        to = accounts.mail_address(db.session, letter.account_id)
        return _put(letter, (to,), account.locale_of(letter), lambda: account.word(letter)) if to else None
    if way.carrier.name == "webhook":
        data = asdict(trade.relate(db.session, letter.event, letter.about))
        return Dispatch(
            letter.number, letter.event, letter.happened_at, clock.now(), "", "", data=data, inward=_inward()
        )
    return _put(letter, tuple(outbox.readers_of(way.settings)), DEFAULT, lambda: merchant.word(letter))


def trial(way: Way, number: str, now: int) -> Dispatch:
    """A letter to the merchant that says nothing but that letters arrive."""
    words = Words(_("Test message"), (_("This message channel works."),))
    return _dispatch(number, "test", now, words, tuple(outbox.readers_of(way.settings)), DEFAULT)


def _put(letter: AnyRow, to: tuple[str, ...], locale: str, word: Callable[[], Words | None]) -> Dispatch | None:
    with force_locale(locale):
        words = word()
        return _dispatch(letter.number, letter.event, letter.happened_at, words, to, locale) if words else None


def _dispatch(number: str, event: str, happened_at: int, words: Words, to: tuple[str, ...], locale: str) -> Dispatch:
    return Dispatch(
        number=number,
        event=event,
        happened_at=happened_at,
        now=clock.now(),
        title=words.title,
        text=words.text,
        html=words.page(locale) if to else "",
        url=words.link,
        shop_name=shop.read_settings(db.session).name,
        to=to,
        inward=_inward(),
    )


def _inward() -> tuple[str, ...]:
    networks: tuple[str, ...] = current_app.config["SHOP"].inward_networks
    return networks
