"""The network: nodes, who came through whom, invite links, rates, and the commission that a sale gives rise to."""

from app.referral.alias import alias
from app.referral.attribution import Attribution, decide, read_attribution, snapshot
from app.referral.cap import CapExceeded, check_cap, save_rates
from app.referral.click import Click, forget_addresses, record_click
from app.referral.commission import Commission, Earning, accrued, book_commission
from app.referral.dossier import STATES, downlines_of, list_nodes, nodes_of_contact, shares_of, uplines_of
from app.referral.edge import Edge, bind, close_edge, is_above, lock_tree, open_edge, parent_of
from app.referral.erasure import erase_nodes
from app.referral.event import NodeEvent, has_event, is_sanctioned, list_events, note_event
from app.referral.explanation import explain_order
from app.referral.flag import Flag, decide_flag, find_flag, list_flags, open_flag
from app.referral.invite import Invite, invite_token, read_invite, sign_invite, token_target
from app.referral.kinship import NodePayee, linked, remember_payee
from app.referral.link import Link, check_alias, find_link, link_of_node, open_link, renew_link, short_code
from app.referral.listing import CommissionView, list_commissions, list_days
from app.referral.mailbox import DISPOSABLE, is_disposable
from app.referral.node import (
    Node,
    contact_node,
    create_node,
    lock_standing,
    lose_purchase,
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
from app.referral.rebind import Rebind, add_rebind, decide_rebind, find_rebind, list_rebinds
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
from app.referral.sighting import Sighting, Trace, forget_sightings, seen_alike, sight
from app.referral.signal import BURST_PEOPLE, Refunds, burst_of, refunds_of
from app.referral.split import Applied, Reward, Rule, first_level_fen, split
from app.referral.standing import ban_node, detach_node, lift_node, node_by_pid, parts_of, suspend_node
from app.referral.tally import EarningDay, Tally, untally
from app.referral.team import Member, list_team
from app.referral.tier import NodeSales, Tier, add_sales, list_tiers, save_tier, tier_of
from app.referral.trail import Step, clicks_before

__all__ = [
    "BURST_PEOPLE",
    "DEFAULT_BPS",
    "DISPOSABLE",
    "LEVELS",
    "STATES",
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
    "Flag",
    "Invite",
    "Link",
    "Member",
    "Node",
    "NodeEvent",
    "NodePayee",
    "NodeSales",
    "Rate",
    "Rebind",
    "Refunds",
    "Reward",
    "Rule",
    "Share",
    "Sighting",
    "Step",
    "Tally",
    "Tier",
    "Trace",
    "accrued",
    "add_rebind",
    "add_sales",
    "alias",
    "ban_node",
    "bind",
    "book_commission",
    "burst_of",
    "check_alias",
    "check_cap",
    "clicked_at",
    "clicks_before",
    "close_edge",
    "contact_node",
    "cools_until",
    "create_node",
    "decide",
    "decide_flag",
    "decide_rebind",
    "detach_node",
    "downlines_of",
    "due_lines",
    "erase_nodes",
    "explain_order",
    "find_flag",
    "find_link",
    "find_rates",
    "find_rebind",
    "first_level_fen",
    "forget_addresses",
    "forget_sightings",
    "has_event",
    "ids_of_order",
    "ids_of_payee",
    "invite_token",
    "is_above",
    "is_disposable",
    "is_sanctioned",
    "lift_node",
    "link_of_node",
    "linked",
    "list_commissions",
    "list_days",
    "list_events",
    "list_flags",
    "list_nodes",
    "list_rates",
    "list_rebinds",
    "list_team",
    "list_tiers",
    "lock_shares",
    "lock_standing",
    "lock_tree",
    "lose_purchase",
    "mark_paid",
    "merge_node",
    "node_by_account",
    "node_by_contact",
    "node_by_pid",
    "nodes_of_account",
    "nodes_of_contact",
    "note_event",
    "open_edge",
    "open_flag",
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
    "refunds_of",
    "relation_of",
    "released_at",
    "remember_device",
    "remember_payee",
    "renew_link",
    "same_person",
    "save_rates",
    "save_shares",
    "save_tier",
    "seen_alike",
    "shares_of",
    "short_code",
    "sight",
    "sign_invite",
    "snapshot",
    "split",
    "standing_of",
    "suspend_node",
    "tier_of",
    "token_target",
    "untally",
    "uplines_of",
    "write_rates",
]
