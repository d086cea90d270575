"""Reads the environment once and refuses to start without what the shop needs."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"


# Where `serve` notes the address that it serves under, for commands that print links.
ADDRESS_FILE = "address"


class ConfigError(Exception):
    """One clear sentence for the person who starts the shop."""


@dataclass(frozen=True)
class Config:
    """What the process was told at its start.

    `public_url` is the address that buyers and gateways reach, without a trailing slash; `public_url_is_set` tells whether
    the operator named it, because only then unknown hosts are refused. `proxy_hops` is the number of proxies in front.
    `inward_networks` are private networks that webhooks and messengers may lead into; otherwise they reach public addresses only.
    """

    instance: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    public_url_is_set: bool = False
    proxy_hops: int = 0
    htmx_url: str = HTMX_URL
    htmx_integrity: str = HTMX_INTEGRITY
    inward_networks: tuple[str, ...] = ()
    testing: bool = False

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def sqlite_file(self) -> Path | None:
        return Path(self.database_url.removeprefix("sqlite:///")) if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _number(environment: Mapping[str, str], name: str, default: int, top: int) -> int:
    text = environment.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or int(text) > top:
        raise ConfigError(f"{name} must be a whole number from 0 to {top}, and is {text!r}.")
    return int(text)


def _networks(environment: Mapping[str, str]) -> tuple[str, ...]:
    found = (environment.get("INWARD_NETWORKS") or "").replace(",", " ").split()
    for text in found:
        try:
            ip_network(text)
        except ValueError:
            raise ConfigError(f"INWARD_NETWORKS must be networks like 10.1.2.0/24, and has {text!r}.") from None
    return tuple(found)


def _served(instance: Path) -> str:
    try:
        return (instance / ADDRESS_FILE).read_text().strip()
    except OSError:
        return ""


def _database_url(environment: Mapping[str, str], instance: Path) -> str:
    url = environment.get("DATABASE_URL") or f"sqlite:///{instance / 'shop.sqlite3'}"
    # Hosting panels hand out postgres:// and postgresql://; the driver is named so that SQLAlchemy does not choose for us.
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def read(environment: Mapping[str, str] | None = None) -> Config:
    """The configuration that the environment asks for. Raises ConfigError with one sentence."""
    environment = os.environ if environment is None else environment
    instance = Path(environment.get("INSTANCE") or "instance").resolve()
    host = environment.get("HOST") or "127.0.0.1"
    port = _number(environment, "PORT", 8000, 65535)
    named = environment.get("PUBLIC_URL", "").rstrip("/")
    served = "" if environment.keys() & {"HOST", "PORT"} else _served(instance)
    # 0.0.0.0 is where a server listens, never where a buyer goes.
    public_url = named or served or f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    parts = urlsplit(public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ConfigError(f"PUBLIC_URL must look like https://shop.example, and is {public_url!r}.")
    return Config(
        instance=instance,
        database_url=_database_url(environment, instance),
        host=host,
        port=port,
        public_url=public_url,
        public_url_is_set=bool(named),
        proxy_hops=_number(environment, "PROXY_HOPS", 0, 9),
        htmx_url=environment.get("HTMX_URL") or HTMX_URL,
        htmx_integrity=environment.get("HTMX_INTEGRITY") or HTMX_INTEGRITY,
        inward_networks=_networks(environment),
    )
