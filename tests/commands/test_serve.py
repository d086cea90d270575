"""The shop from one command: what it prints, what it serves, and how it ends."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import tempfile
import time
from pathlib import Path

import pytest

from tests.commands.serving import Serving, alive, wait_until_gone

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]
NOBODY = 65534


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "shop"


@pytest.fixture
def serve(folder):
    runs = []

    def start(instance=folder, **options):
        runs.append(Serving(instance, **options))
        return runs[-1]

    yield start
    for run in runs:
        left = [run.process.pid, *run.descendants()]
        for pid in alive(left):
            os.kill(pid, signal.SIGKILL)
        run.process.wait(10)


def products(folder):
    connection = sqlite3.connect(folder / "shop.sqlite3")
    try:
        return connection.execute("SELECT count(*) FROM product").fetchone()[0]
    finally:
        connection.close()


def test_the_first_run_says_where_the_shop_is_and_the_second_keeps_it(serve, folder):
    first = serve().until_it_answers("/readyz")
    assert first.base in first.said()
    link = re.search(rf"{first.base}/welcome/[\w-]{{22}}", first.said())
    assert link
    assert "TEST gateway" in first.said()
    assert "sample" in first.said()
    first.until_it_answers(link.group().removeprefix(first.base))
    assert first.end() == 0
    assert "Traceback" not in first.said()
    before = products(folder)
    second = serve().until_it_answers("/readyz")
    assert "sample" not in second.said()
    assert second.end() == 0
    assert products(folder) == before > 0


def test_one_ctrl_c_ends_everything(serve):
    run = serve().until_it_answers("/readyz")
    family = run.descendants()
    assert sum("granian" in line for line in family.values()) >= 3
    assert sum("worker" in line and "granian" not in line for line in family.values()) == 1
    assert run.end() == 0
    assert alive(family) == {}


def test_the_children_do_not_outlive_a_killed_shop(serve):
    run = serve().until_it_answers("/readyz")
    family = run.descendants()
    run.end(signal.SIGKILL)
    left = wait_until_gone(family)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == {}


@pytest.mark.parametrize("victim", ["worker", "granian"])
def test_a_shop_that_lost_a_half_ends_and_says_so(serve, victim):
    run = serve().until_it_answers("/readyz")
    family = run.descendants()
    heads = [pid for pid, line in family.items() if victim in line and (victim == "granian" or "granian" not in line)]
    os.kill(min(heads), signal.SIGKILL)
    assert run.ends() == 1
    assert f"The {'server' if victim == 'granian' else 'worker'} ended by itself" in run.said()
    assert wait_until_gone(family, 2) == {}


def test_a_server_process_that_dies_is_replaced(serve):
    run = serve().until_it_answers("/readyz")
    granian = sorted(pid for pid, line in run.descendants().items() if "granian" in line)
    os.kill(granian[-1], signal.SIGKILL)
    time.sleep(3)
    run.until_it_answers()
    assert sum("granian" in line for line in run.descendants().values()) == len(granian)
    assert run.end() == 0


def test_a_taken_port_is_named(serve, folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = serve(port=other.getsockname()[1])
        assert run.ends() == 1
    assert f"Port {run.port} on 127.0.0.1 cannot be used" in run.said()
    assert "Traceback" not in run.said()


@pytest.fixture
def elsewhere():
    """A folder that every user of the machine may enter, as those of the tests are not."""
    with tempfile.TemporaryDirectory(prefix="shop") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def serve_as_somebody(serve, folder):
    # Root may write everywhere, so somebody else has to try.
    prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if os.geteuid() == 0 else ()
    run = serve(folder, prefix=prefix)
    assert run.ends() == 1
    return run.said()


def test_a_folder_that_cannot_be_written_is_named(serve, elsewhere):
    """F06."""
    closed = elsewhere / "closed"
    closed.mkdir(mode=0o555)
    said = serve_as_somebody(serve, closed / "shop")
    assert re.fullmatch(rf"Tengka cannot start: .*{closed}.*\n", said)


def test_a_folder_that_cannot_be_entered_is_named(serve, elsewhere):
    closed = elsewhere / "closed"
    (closed / "shop").mkdir(parents=True)
    closed.chmod(0o000)
    said = serve_as_somebody(serve, closed / "shop")
    assert re.fullmatch(rf"Tengka cannot start: .*{closed}.*\n", said)
    closed.chmod(0o700)


def test_a_database_that_cannot_be_written_is_named(serve, elsewhere, instance):
    """F05."""
    folder = elsewhere / "shop"
    shutil.copytree(instance, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
    said = serve_as_somebody(serve, folder)
    assert re.fullmatch(r"Tengka cannot start: the database .* cannot be opened .*readonly.*\n", said)
    folder.chmod(0o700)
