"""What the server imports. A shop that cannot start says why in one sentence."""

import sys

from sqlalchemy.exc import OperationalError

from app import config, create_app, db
from app.config import ConfigError
from app.keyfiles import VaultError

# What is asked of a shop that is there; everything else may be the first start.
OF_A_SHOP = {"accounts", "books", "payments", "sample", "settle", "worker"}


def _refuse_without_shop() -> None:
    settings = config.read()
    if OF_A_SHOP.intersection(sys.argv[1:]) and not db.has_tables(settings.database_url):
        sys.exit(f"There is no shop in {settings.instance}: set INSTANCE to its folder, or start it with make run.")


try:
    _refuse_without_shop()
    app = create_app()
except (ConfigError, VaultError) as error:
    sys.exit(f"Tengka cannot start: {error}")
except OperationalError as error:
    reason = str(error.orig).strip().splitlines()[0]
    sys.exit(f"Tengka cannot start: the database of DATABASE_URL or INSTANCE cannot be opened ({reason}).")
except OSError as error:
    sys.exit(f"Tengka cannot start: {error.filename} cannot be used ({error.strerror}).")
