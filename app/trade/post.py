"""To post: letters that are due are worded and handed to their carriers, between two transactions, and what came of it is kept."""

import logging
from collections.abc import Callable

from sqlalchemy import Connection

from app import outbox
from app.clock import MINUTE
from app.db import AnyRow, db, transaction
from app.outbox import Dispatch, Undelivered, Way

log = logging.getLogger(__name__)
# Longer than the slowest carrier takes. A letter whose worker died is sent once more: twice is better than never.
LEASE_SECONDS = 5 * MINUTE
FAILED = "message.failed"

Write = Callable[[AnyRow, Way], Dispatch | None]


def post_letters(now: int, write: Write) -> int:
    """Send every letter that is due; `write` words it, or says that there is nothing to tell any more. Returns how many were sent."""
    letters = outbox.due_letters(db.session, now)
    ways = {way.id: way for way in outbox.list_outlets(db.session)} if letters else {}
    sent, silent = 0, set[int]()
    for letter in letters:
        # An outlet that failed just now keeps nobody else waiting.
        if letter.outlet_id in silent or not transaction(outbox.claim_letter, letter.id, now, LEASE_SECONDS):
            continue
        try:
            sent += _post(letter, ways[letter.outlet_id], write, now)
        except Undelivered as error:
            if not error.is_final:
                silent.add(letter.outlet_id)
            transaction(_miss, letter, str(error), error.is_final, now)
        except Exception as error:
            log.exception("letter %s could not be sent", letter.number)
            transaction(_miss, letter, f"{type(error).__name__}; the log knows more", False, now)
    return sent


def _post(letter: AnyRow, way: Way, write: Write, now: int) -> bool:
    if not (way.enabled and way.is_sound):
        transaction(outbox.settle_letter, letter.id, "dropped", "the outlet is switched off", now)
        return False
    dispatch = write(letter, way)
    if dispatch is None:
        transaction(outbox.settle_letter, letter.id, "dropped", "there is nothing to tell any more", now)
        return False
    way.carrier.send(way.settings, dispatch)
    transaction(outbox.settle_letter, letter.id, "sent", "", now)
    return True


def _miss(tx: Connection, letter: AnyRow, reason: str, is_final: bool, now: int) -> None:
    is_alive = not is_final and outbox.miss(tx, letter.id, letter.attempts + 1, reason, now)
    if is_final:
        outbox.settle_letter(tx, letter.id, "failed", reason, now)
    if not is_alive:
        log.warning("letter %s is dead: %s", letter.number, reason)
        if letter.event != FAILED:
            outbox.tell(tx, FAILED, letter.number, now)
