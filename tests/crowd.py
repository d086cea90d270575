"""Many people at the same moment: threads, each with a context of its own, held back until all are ready."""

import threading
from concurrent.futures import ThreadPoolExecutor

from app.db import db


def at_once(app, acts):
    """Run each of `acts` in a thread of its own, all let go together. What each returned, or the exception it raised."""
    acts = list(acts)
    ready = threading.Barrier(len(acts))
    # Whoever looks at the outcome must not look at what was there before.
    db.session.rollback()

    def run(act):
        with app.app_context():
            ready.wait(30)
            try:
                return act()
            except Exception as error:  # noqa: BLE001 - the test looks at what was raised
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
