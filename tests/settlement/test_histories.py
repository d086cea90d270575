"""Histories: thousands of lives of a shop, the books and a model looked at after each step, on SQLite and on PostgreSQL."""

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.settlement.history import History
from tests.settlement.world import World

# Each half of the tests plays its own; together they are what FUZZ_HISTORIES asks for.
PARTS, TESTS = 3, 5
FUZZ = int(os.environ.get("FUZZ_HISTORIES", "0"))


def play(shop, part, histories, steps=10):
    """Play so many histories: the same ones each time, or longer ones that nobody has seen where FUZZ_HISTORIES asks for them."""

    class Played(History):
        world = World(shop)

    run_state_machine_as_test(
        seed(random.getrandbits(64) if FUZZ else part)(Played),
        settings=settings(
            max_examples=FUZZ // TESTS or histories,
            stateful_step_count=30 if FUZZ else steps,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_histories(shop, part):
    play(shop, part, 500)


@pytest.mark.both_databases
def test_histories_on_both_databases(shop):
    play(shop, PARTS, 250)
