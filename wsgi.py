"""What the server imports. A shop that cannot start says why in one sentence."""

import sys

from sqlalchemy.exc import OperationalError

from app import config, create_app, db, disk, refuse_writes_without_keys, schema
from app.commands import restore
from app.config import Config, ConfigError
from app.keyfiles import VaultError

# What is asked of a shop that is there; everything else may be the first start.
OF_A_SHOP = {"accounts", "audit", "backup", "books", "doctor", "keys", "payments", "sample", "settle", "worker"}


def _refuse_without_shop(settings: Config) -> None:
    if OF_A_SHOP.intersection(sys.argv[1:]) and not db.has_tables(settings.database_url):
        sys.exit(f"There is no shop in {settings.instance}: set INSTANCE to its folder, or start it with make run.")


try:
    settings = config.read()
    if "restore" in sys.argv[1:]:
        app = restore.only_this()
    else:
        _refuse_without_shop(settings)
        schema.refuse_newer(settings.database_url)
        disk.refuse_network(settings.sqlite_file)
        app = create_app(settings)
        refuse_writes_without_keys(app)
except (ConfigError, VaultError) as error:
    sys.exit(f"Tengka cannot start: {error}")
except OperationalError as error:
    reason = str(error.orig).strip().splitlines()[0]
    sys.exit(f"Tengka cannot start: the database of DATABASE_URL or INSTANCE cannot be opened ({reason}).")
except OSError as error:
    sys.exit(f"Tengka cannot start: {error.filename} cannot be used ({error.strerror}).")
