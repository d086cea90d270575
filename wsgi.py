"""What the server imports. A shop that cannot start says why in one sentence."""

import sys

from sqlalchemy.exc import OperationalError

from app import create_app
from app.config import ConfigError
from app.keyfiles import VaultError

try:
    app = create_app()
except (ConfigError, VaultError) as error:
    sys.exit(f"Tengka cannot start: {error}")
except OperationalError as error:
    reason = str(error.orig).strip().splitlines()[0]
    sys.exit(f"Tengka cannot start: the database of DATABASE_URL or INSTANCE cannot be opened ({reason}).")
except OSError as error:
    sys.exit(f"Tengka cannot start: {error.filename} cannot be used ({error.strerror}).")
