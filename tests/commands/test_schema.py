"""F11: tables of a later version are refused with a sentence; an update that is killed begins anew and ends."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from app import schema
from tests.care.restoring import command
from tests.server import ROOT

# An update that kills itself at its n-th step, as kill -9 would.
CRASH = """
import os, signal, sys
import flask_migrate
from alembic import op
from app import config, create_app
left, last = int(sys.argv[1]), sys.argv[2]
def counted(real):
    def run(*told, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*told, **named)
    return run
for name in ("create_table", "add_column", "create_index", "execute", "batch_alter_table"):
    setattr(op, name, counted(getattr(op, name)))
app = create_app(config.read())
with app.app_context():
    flask_migrate.upgrade(revision=last)
"""


def update(folder, at_step=0, to="head"):
    environment = os.environ | {"INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", CRASH, str(at_step), to]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def asked(folder, query):
    connection = sqlite3.connect(folder / "shop.sqlite3")
    try:
        found = connection.execute(query).fetchone()[0]
        connection.commit()
        return found
    finally:
        connection.close()


def test_a_later_version_of_the_tables_is_refused(instance):
    connection = sqlite3.connect(instance / "shop.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = (instance / "shop.sqlite3").read_bytes()
    code, said = command("books", "check", instance=instance, database=f"sqlite:///{instance / 'shop.sqlite3'}")
    assert code == 1
    assert "newer version of the program (tables 9999" in said
    assert "Traceback" not in said
    assert (instance / "shop.sqlite3").read_bytes() == before


@pytest.mark.slow
def test_a_killed_update_is_undone_and_the_next_start_ends_it(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    assert update(folder, to="0001").returncode == 0
    connection = sqlite3.connect(folder / "shop.sqlite3")
    with connection:
        connection.execute("INSERT INTO setting (key, value) VALUES ('name', '\"Kept\"')")
        connection.execute("INSERT INTO account (name, role, password_hash, created_at) VALUES ('A', 'admin', 'x', 1)")
    connection.close()
    for step in (1, 7, 14):
        assert update(folder, at_step=step).returncode == -signal.SIGKILL
        assert asked(folder, "SELECT version_num FROM alembic_version") == "0001"
        assert asked(folder, "SELECT role FROM account") == "admin"
        assert asked(folder, "PRAGMA integrity_check") == "ok"
    done = update(folder)
    assert done.returncode == 0, done.stderr
    assert asked(folder, "SELECT version_num FROM alembic_version") == schema.head()
    assert asked(folder, "SELECT role FROM account") == "manager"
    assert asked(folder, "SELECT value FROM setting") == '"Kept"'
