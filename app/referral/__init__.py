"""The network: nodes, who came through whom, invite links, rates, and the commission that a sale gives rise to."""

from app.referral.alias import alias
from app.referral.attribution import Attribution, decide, read_attribution, snapshot
from app.referral.cap import CapExceeded, check_cap, save_rates
from app.referral.click import Click, forget_addresses, record_click
from app.referral.commission import Commission, Earning, accrued, book_commission
from app.referral.edge import Edge, bind, close_edge, is_above, lock_tree, open_edge, parent_of
from app.referral.event import NodeEvent, has_event, list_events, note_event
from app.referral.explanation import explain_order
from app.referral.invite import Invite, invite_token, read_invite, sign_invite, token_target
from app.referral.link import Link, check_alias, find_link, link_of_node, open_link, renew_link, short_code
from app.referral.listing import CommissionView, list_commissions, list_days
from app.referral.node import (
    Node,
    contact_node,
    create_node,
    lock_standing,
    mark_paid,
    merge_node,
    node_by_account,
    node_by_contact,
    nodes_of_account,
    qualify,
    standing_of,
)
from app.referral.person import Device, remember_device, same_person
from app.referral.rate import DEFAULT_BPS, LEVELS, Rate, find_rates, list_rates, rates_by_product, write_rates
from app.referral.release import clicked_at, cools_until, relation_of, released_at
from app.referral.share import (
    Share,
    due_lines,
    ids_of_order,
    ids_of_payee,
    lock_shares,
    payees_of_lines,
    pids_of,
    save_shares,
)
from app.referral.split import Applied, Reward, Rule, split
from app.referral.standing import ban_node, detach_node, lift_node, node_by_pid, parts_of, suspend_node
from app.referral.tally import EarningDay, Tally, untally
from app.referral.team import Member, list_team
from app.referral.tier import NodeSales, Tier, add_sales, list_tiers, save_tier, tier_of

__all__ = [
    "DEFAULT_BPS",
    "LEVELS",
    "Applied",
    "Attribution",
    "CapExceeded",
    "Click",
    "Commission",
    "CommissionView",
    "Device",
    "Earning",
    "EarningDay",
    "Edge",
    "Invite",
    "Link",
    "Member",
    "Node",
    "NodeEvent",
    "NodeSales",
    "Rate",
    "Reward",
    "Rule",
    "Share",
    "Tally",
    "Tier",
    "accrued",
    "add_sales",
    "alias",
    "ban_node",
    "bind",
    "book_commission",
    "check_alias",
    "check_cap",
    "clicked_at",
    "close_edge",
    "contact_node",
    "cools_until",
    "create_node",
    "decide",
    "detach_node",
    "due_lines",
    "explain_order",
    "find_link",
    "find_rates",
    "forget_addresses",
    "has_event",
    "ids_of_order",
    "ids_of_payee",
    "invite_token",
    "is_above",
    "lift_node",
    "link_of_node",
    "list_commissions",
    "list_days",
    "list_events",
    "list_rates",
    "list_team",
    "list_tiers",
    "lock_shares",
    "lock_standing",
    "lock_tree",
    "mark_paid",
    "merge_node",
    "node_by_account",
    "node_by_contact",
    "node_by_pid",
    "nodes_of_account",
    "note_event",
    "open_edge",
    "open_link",
    "parent_of",
    "parts_of",
    "payees_of_lines",
    "pids_of",
    "qualify",
    "rates_by_product",
    "read_attribution",
    "read_invite",
    "record_click",
    "relation_of",
    "released_at",
    "remember_device",
    "renew_link",
    "same_person",
    "save_rates",
    "save_shares",
    "save_tier",
    "short_code",
    "sign_invite",
    "snapshot",
    "split",
    "standing_of",
    "suspend_node",
    "tier_of",
    "token_target",
    "untally",
    "write_rates",
]
