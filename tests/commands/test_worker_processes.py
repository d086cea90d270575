"""Workers as processes: they work, one of them leads, the lease of a dead one is taken over, and they end when told."""

import os
import signal
import subprocess
import time

import pytest

from app.db import transaction
from app.shop import take_lease
from tests.commands.serving import FLASK
from tests.server import ROOT
from tests.shop import Person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]
HOLDER = "SELECT holder FROM lease WHERE name = 'worker'"
PATIENCE_SECONDS = 30


@pytest.fixture
def work(instance, database):
    workers = []
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # What runs in the background inherits that Ctrl-C is ignored, and so would a worker until it listens by itself.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def start():
        environment = os.environ | {"INSTANCE": str(instance), "DATABASE_URL": database}
        with (instance / "worker.log").open("ab") as log:
            workers.append(subprocess.Popen([*FLASK, "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_for(question, seconds=PATIENCE_SECONDS):
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return answer


@pytest.mark.both_databases
def test_two_workers_share_one_lease(shop, work):
    shop.place(Person("anna@example.com"))
    workers = [work(), work()]
    # The shop of the tests lives in the past, so the order is due at once.
    assert wait_for(lambda: shop.count("SELECT count(*) FROM orders WHERE state = 'expired'"))
    holders = {shop.count(HOLDER) for _ in range(20) if not time.sleep(0.1)}
    assert len(holders) == 1
    assert holders.pop().rpartition(":")[2] in {str(worker.pid) for worker in workers}
    for worker in workers:
        worker.terminate()
    assert [worker.wait(15) for worker in workers] == [0, 0]


def test_the_lease_of_a_dead_worker_is_taken_over(shop, work):
    transaction(take_lease, "worker", "dead:1", 6, int(time.time()))
    worker = work()
    time.sleep(3)
    assert shop.count(HOLDER) == "dead:1"
    assert wait_for(lambda: shop.count(HOLDER) != "dead:1")
    assert shop.count(HOLDER).endswith(f":{worker.pid}")


def test_a_worker_that_ends_leaves_the_lease_to_the_next(shop, work):
    first = work()
    assert wait_for(lambda: shop.count(HOLDER))
    # Ended before it listens to signals it has no time to say so; here it has run all of its jobs.
    time.sleep(3)
    first.terminate()
    assert first.wait(15) == 0
    second = work()
    assert wait_for(lambda: shop.count(HOLDER).endswith(f":{second.pid}"), 15)


def test_a_worker_ends_by_ctrl_c_at_any_moment(shop, work):
    for moment in (0.3, 1.5):
        worker = work()
        time.sleep(moment)
        worker.send_signal(signal.SIGINT)
        worker.wait(15)
    worker = work()
    assert wait_for(lambda: (shop.count(HOLDER) or "").endswith(f":{worker.pid}"), 30)
    worker.send_signal(signal.SIGINT)
    assert worker.wait(15) == 0
