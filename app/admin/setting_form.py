"""Pages of settings: forms whose fields are called like the settings that they write, and how these are kept."""

from collections.abc import Mapping
from typing import Any, Self

from sqlalchemy import Connection

from app import audit, shop
from app.audit import Who
from app.fields import Form
from app.money import yuan
from app.shop import Settings


class SettingForm(Form):
    """A form of settings. Bounds stand at its fields; rules that need more than one of them are the page's."""

    @classmethod
    def of(cls, present: Settings) -> Self:
        """The form as it is shown first: what is set now."""
        names = [field.name for field in cls(formdata=None) if hasattr(present, field.name)]
        return cls(formdata=None, data={name: _written(name, getattr(present, name)) for name in names})

    @property
    def changes(self) -> dict[str, Any]:
        """setting -> value, once the form was validated."""
        known = [field for field in self if field.name in Settings.__dataclass_fields__]
        return {field.name: field.number if hasattr(field, "number") else field.data for field in known}


def _written(name: str, value: Any) -> Any:
    if name.endswith("_fen"):
        return yuan(value)
    return str(value) if type(value) is int else value


def keep(tx: Connection, page: str, changes: Mapping[str, Any], who: Who) -> Settings:
    """Save what differs and write into the log what it was; returns what was set before."""
    before = shop.read_settings(tx)
    was = {name: _plain(getattr(before, name)) for name in changes}
    now = {name: _plain(value) for name, value in changes.items() if was[name] != _plain(value)}
    if now:
        shop.change_settings(tx, **now)
        audit.record(tx, who, "setting.update", f"setting:{page}", was={name: was[name] for name in now}, now=now)
    return before


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
