"""The laws of the house, as CONTRIBUTING tells them. Each failure names the file that breaks one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
FLOORS = {
    "storefront": 6, "partner": 6, "admin": 6, "arbitration": 6, "api": 6, "hooks": 6, "commands": 6,
    "trade": 5,
    "delivery": 4, "payments": 4,
    "orders": 3, "settlement": 3,
    "referral": 2, "stock": 2, "outbox": 2, "care": 2,
    "accounts": 1, "audit": 1, "catalog": 1, "ledger": 1, "shop": 1,
}  # fmt: skip
ROOMS = {name for name, floor in FLOORS.items() if floor < 6}
# What desks share: they know the web and the rooms, and no room knows them.
LOBBY = {
    "account_words",
    "arrival",
    "display",
    "examination",
    "foreseeing",
    "guesses",
    "hearing",
    "noting",
    "passkeys",
    "premises",
    "proof",
    "visit",
    "wording",
}
SIZES = {"room": 160, "desk": 130, "template": 90, "css": 250, "test": 220}
SLACK = 1.25
BANNED = {"service", "services", "utils", "helpers", "common", "core", "base", "misc", "manager"}
WEB = re.compile(r"^(flask($|\.)|flask_(?!login$)|wtforms|werkzeug)")

MODULES = sorted(APP.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def place_of(path: Path) -> str:
    """The room, desk or cellar file that a module belongs to."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


@cache
def imports_of(path: Path) -> list[str]:
    """Every module that is imported, `from app import x` as `app.x`, and a relative one by its whole name."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            found += [f"app.{alias.name}" for alias in node.names] if module == "app" else [module]
    return found


def names_from(path: Path, module: str) -> set[str]:
    """What a file imports from `module`, by the names that it has there."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if node.module == module for alias in node.names}


@cache
def owners() -> dict[str, str]:
    """The room of each table, by the table's name and by its model's."""
    found = {}
    for path in MODULES:
        for model, name in re.findall(
            r'class (\w+)\(.*\):(?:\n(?!class ).*)*?\n    __tablename__ = "(\w+)"', path.read_text()
        ):
            found |= {model: place_of(path), name: place_of(path)}
    return found


def each(modules):
    return pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in modules])


@each([path for path in MODULES if path != APP / "__init__.py"])
def test_imports_go_down_only(path):
    here = place_of(path)
    floor = FLOORS.get(here, 6 if here in LOBBY else 0)
    for module in imports_of(path):
        parts = module.split(".")
        if parts[0] != "app" or len(parts) < 2 or parts[1] == here:
            continue
        target = FLOORS.get(parts[1], 0)
        if here in LOBBY:
            assert target < 6, f"{name_of(path)} imports the desk {module}"
        else:
            assert target < floor or target == 0, f"{name_of(path)} (floor {floor}) imports {module} (floor {target})"
        if here in ROOMS:
            assert parts[1] not in LOBBY, f"{name_of(path)} imports {module}, which knows the web"


@each(MODULES)
def test_rooms_are_entered_by_the_front_door(path):
    for module in imports_of(path):
        parts = module.split(".")
        if parts[0] == "app" and len(parts) > 2 and parts[1] in ROOMS and parts[1] != place_of(path):
            pytest.fail(f"{name_of(path)} imports {module}; a room is entered by app.{parts[1]}")


@each([path for path in MODULES if place_of(path) in ROOMS])
def test_rooms_do_not_know_the_web(path):
    allowed = {"flask_login"} if place_of(path) == "accounts" else set()
    found = [m for m in imports_of(path) if (WEB.match(m) or m in ("app.web", "flask_login")) and m not in allowed]
    assert not found, f"{name_of(path)} imports {found}"


@each(MODULES)
def test_transactions_are_opened_by_desks_and_committed_in_one_place(path):
    text = path.read_text()
    if name_of(path) != "app/db.py":
        assert not re.search(r"\.commit\(\)", text), f"{name_of(path)} commits; only transaction() in app/db.py does"
    # The conductors that talk to a provider between two transactions say so in their docstring.
    conductors = {"app/trade/inbox.py", "app/trade/ask.py", "app/trade/dispatch.py", "app/trade/start.py"}
    conductors |= {"app/trade/transfer.py", "app/trade/give_back.py", "app/trade/post.py"}
    if place_of(path) in ROOMS and name_of(path) not in conductors:
        opened = "transaction(" in text or "transaction" in names_from(path, "app.db")
        assert not opened, f"{name_of(path)} opens a transaction; a desk does that"


@each(MODULES)
def test_headers_of_htmx_are_known_in_one_file(path):
    if name_of(path) not in ("app/web.py",):
        assert not re.search(r"[\"']HX-", path.read_text()), (
            f"{name_of(path)} knows an HX- header; app/web.py does that"
        )


@each([path for path in MODULES if place_of(path) in ROOMS])
def test_time_enters_by_the_clock_and_below_desks_by_parameter(path):
    found = re.search(r"\b(time\.time|datetime\.now|utcnow|clock\.now)\(", path.read_text())
    assert not found, f"{name_of(path)} reads the clock; `now` is a parameter below the desks"


WRITES = (
    r"(?i:\b(?:insert\s+into|update|delete\s+from))\s+\"?(\w+)",
    r"\b(?:insert|update|delete)\((?:table\()?(\w+)\b",
    r"\b(\w+)\.__table__\.(?:insert|update|delete)\(",
)


def test_every_table_has_a_room():
    assert len(set(owners()) & {"account", "product", "orders", "journal", "commission", "payment"}) == 6


@each(MODULES)
def test_only_the_room_that_owns_a_table_writes_to_it(path):
    text = path.read_text()
    written = {name for pattern in WRITES for name in re.findall(pattern, text)}
    foreign = {name for name in written if owners().get(name, place_of(path)) != place_of(path)}
    assert not foreign, f"{name_of(path)} writes to {foreign}, which other rooms own"


@each([*MODULES, *sorted((ROOT / "tests").rglob("*.py"))])
def test_nothing_is_called_by_a_name_that_says_nothing(path):
    parts = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    assert not parts & BANNED, f"{name_of(path)} is called {parts & BANNED}"


def sized():
    for path in MODULES:
        yield path, SIZES["desk" if FLOORS.get(place_of(path)) == 6 else "room"]
    for path in (APP / "templates").rglob("*.html"):
        yield path, SIZES["template"]
    for path in (APP / "static").rglob("*.css"):
        yield path, SIZES["css"]
    for path in (ROOT / "tests").rglob("test_*.py"):
        yield path, SIZES["test"]


@pytest.mark.parametrize(("path", "most"), [pytest.param(path, most, id=name_of(path)) for path, most in sized()])
def test_files_stay_small(path, most):
    # Data of the sample shop and the pure list of invariants are long because there is much of one kind.
    if path.name in ("sample_goods.py", "sample_story.py", "books.py"):
        return
    text = path.read_text()
    if path.name == "__init__.py" and not re.search(r"^\s*(def|class) ", text, re.MULTILINE):
        # A front door that is a list of names, and nothing else.
        return
    lines = len(text.splitlines())
    assert lines <= most * SLACK, f"{name_of(path)} has {lines} lines; split it by noun"


def test_lock_files_name_no_index():
    for path in (ROOT / "locks").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--(extra-)?index-url|--find-links", text), f"{name_of(path)} names an address"
