"""The figures of the compliance report in plain words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.money import yuan
from app.referral import Report

ALERTS = {
    "tree": lazy_gettext(
        "A tree has at least 30 people on at least 3 levels. From there on the authorities may look at a network as a crime, "
        "whatever is paid in it. Please ask a lawyer."
    ),
    "promoters": lazy_gettext(
        "Less than half of what was sold went to people who never brought anybody. A network that mostly sells to itself looks "
        "like a pyramid."
    ),
}


def percent(bps: int | None) -> str:
    """A share as it is read; nothing was sold, nothing is shared."""
    return "–" if bps is None else f"{bps / 100:.1f}%"


def figures(report: Report) -> list[tuple[str, str, str]]:
    """Each figure with its value and what it says."""
    return [
        (
            _("Sold"),
            f"¥{yuan(report.gmv_fen)}",
            _("What was paid in the month, less what went back, in %(orders)s orders.", orders=report.orders),
        ),
        (
            _("Levels that earned"),
            str(report.levels),
            _("How many levels above a buyer earned commission. This shop never pays more than two."),
        ),
        (
            _("People with somebody below"),
            f"{report.with_downline} / {report.participants}",
            _("Of those who may earn, how many brought somebody who still stands below them."),
        ),
        (
            _("Sold to people who never promote"),
            percent(report.never_promoting_bps),
            _("The share that went to buyers who never brought anybody. Below one half the shop is alerted."),
        ),
        (
            _("Earned by the top hundredth"),
            percent(report.top_bps),
            _(
                "The share of all commission that the best %(top)s of %(earners)s earners had.",
                top=report.top_earners,
                earners=report.earners,
            ),
        ),
        (
            _("Bought by distributors themselves"),
            percent(report.own_use_bps),
            _("The share that people bought who could earn commission already when they paid."),
        ),
        (
            _("Commission of what was sold"),
            percent(report.commission_bps),
            _(
                "Level 1 earned ¥%(first)s, level 2 ¥%(second)s. Of one sale it can never be more than 30 percent.",
                first=yuan(report.level_1_fen),
                second=yuan(report.level_2_fen),
            ),
        ),
        (
            _("Largest tree"),
            _("%(people)s people, %(levels)s levels", people=report.tree_people, levels=report.tree_levels),
            _(
                "Everybody who came through one person, buyers included, as it stood when this was counted. Trees with at least "
                "30 people on at least 3 levels: %(over)s.",
                over=report.trees_over,
            ),
        ),
    ]
