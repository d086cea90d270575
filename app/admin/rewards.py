"""What a level earns, as the merchant writes it: per cent of what is paid, or yuan a piece; blank leaves it to a wider rule."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Connection
from wtforms import Field

from app import referral
from app.db import db
from app.display import percent
from app.fields import Form, Percent
from app.money import parse_fen, yuan
from app.referral import Reward
from app.shop import Settings

UNITS = {"percent": "%", "yuan": "¥"}
MOST_FIXED_FEN = 100_000_000
# (tier id, or 0 for everybody; whether on a renewal) -> level -> reward
Written = dict[tuple[int, bool], dict[int, Reward | None]]


class RewardField(Percent):
    """An amount with its unit, which is sent under `<name>_unit`; `number` is a Reward, None when it was left blank."""

    unit = "percent"
    units = UNITS

    @property
    def words(self) -> str:
        """What is written, in short: "10%" or "¥3.00"; nothing when it was left blank."""
        return "" if not self.data else f"¥{self.data}" if self.unit == "yuan" else f"{self.data}%"

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        super().process(formdata, *args, **options)
        if formdata and formdata.get(f"{self.name}_unit") in UNITS:
            self.unit = formdata[f"{self.name}_unit"]

    def process_data(self, value: Reward | None) -> None:
        self.data = ""
        if value is not None and value.rate_bps is not None:
            self.data = percent(value.rate_bps)
        elif value is not None:
            self.unit, self.data = "yuan", yuan(value.fixed_fen or 0)

    def read(self, text: str) -> Any:
        if self.unit == "yuan":
            try:
                fixed_fen = parse_fen(text)
            except ValueError:
                return None
            return Reward(fixed_fen=fixed_fen) if fixed_fen <= MOST_FIXED_FEN else None
        rate_bps = super().read(text)
        return None if rate_bps is None else Reward(rate_bps)

    def sentence(self) -> str:
        if self.unit == "percent":
            return super().sentence()
        return str(lazy_gettext("Please enter an amount like 12 or 12.50."))


class RatesForm(Form):
    """A reward for each level, on a first purchase and on a renewal; blank leaves it to the next wider rule, 0 means none."""

    l1 = RewardField(lazy_gettext("Level 1"), blank=True)
    l2 = RewardField(lazy_gettext("Level 2"), blank=True)
    l1_renewal = RewardField(lazy_gettext("Level 1, renewal"), blank=True)
    l2_renewal = RewardField(lazy_gettext("Level 2, renewal"), blank=True)

    @property
    def cells(self) -> list[Field]:
        return [self.l1, self.l2, self.l1_renewal, self.l2_renewal]

    def written(self, tier_id: int = 0) -> Written:
        return {
            (tier_id, False): {1: self.l1.number, 2: self.l2.number},
            (tier_id, True): {1: self.l1_renewal.number, 2: self.l2_renewal.number},
        }


def in_words(reward: Reward) -> str:
    """A reward in short: "10%" or "¥3.00"."""
    return f"{percent(reward.rate_bps)}%" if reward.rate_bps is not None else f"¥{yuan(reward.fixed_fen or 0)}"


def saved_data(
    scope: str, scope_id: int, tier_id: int = 0, *, saved: Mapping[bool, Any] | None = None
) -> dict[str, Any]:
    """What a RatesForm is filled with: the rewards that were saved for a scope."""
    data: dict[str, Any] = {}
    for renewal, suffix in ((False, ""), (True, "_renewal")):
        rates = saved[renewal] if saved else referral.list_rates(db.session, scope, renewal=renewal)
        data |= {f"l{level}{suffix}": reward for level, reward in rates.get((scope_id, tier_id), {}).items()}
    return data


def tier_forms(product_id: int, *, sent: bool) -> dict[int, RatesForm]:
    """tier id -> the form of what a product earns a distributor of that tier; they travel inside the product's own form."""
    saved = {renewal: referral.list_rates(db.session, "product_tier", renewal=renewal) for renewal in (False, True)}
    return {
        tier.id: RatesForm(prefix=f"t{tier.id}-", meta={"csrf": False})
        if sent
        else RatesForm(
            formdata=None,
            prefix=f"t{tier.id}-",
            meta={"csrf": False},
            data=saved_data("product_tier", product_id, tier.id, saved=saved),
        )
        for tier in referral.list_tiers(db.session)
    }


def save_rates(tx: Connection, scope: str, scope_id: int, written: Written, settings: Settings) -> None:
    """`write_rates`, then `check_cap`."""
    write_rates(tx, scope, scope_id, written)
    check_cap(tx, settings)


def write_rates(tx: Connection, scope: str, scope_id: int, written: Written) -> None:
    """Save a scope's rewards; those with a tier are a product's for that tier."""
    for (tier_id, renewal), rewards in written.items():
        where = "product_tier" if tier_id else scope
        referral.write_rates(tx, where, scope_id, rewards, tier_id=tier_id, renewal=renewal)


def copy_rates(tx: Connection, product_id: int, copy_id: int) -> None:
    """Let a product's copy earn everybody what the product earns them."""
    for renewal in (False, True):
        for scope in ("product", "product_tier"):
            for (scope_id, tier_id), rewards in referral.list_rates(tx, scope, renewal=renewal).items():
                if scope_id == product_id:
                    referral.write_rates(tx, scope, copy_id, rewards, tier_id=tier_id, renewal=renewal)


def check_cap(tx: Connection, settings: Settings) -> None:
    """Raise CapExceeded when anything could give away more than the shop allows."""
    referral.check_cap(tx, self_bps=settings.self_bps, pool_bps=settings.pool_bps, cap_bps=settings.max_total_bps)
