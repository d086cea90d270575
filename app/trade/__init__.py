"""The conductor: the acts that touch several rooms, in order. They hold no rules of their own."""

from app.trade.accrue import AccrualPending, accrue, retry_accruals
from app.trade.announce import announce, order_of
from app.trade.arbitrate import IsParty, bias, decide_dispute, decide_now, record_outcome
from app.trade.ask import ask, ask_all, ask_due
from app.trade.attach import attach, close
from app.trade.by_hand import confirm_by_hand
from app.trade.cancel import cancel
from app.trade.claim import claim
from app.trade.complain import claim_commission, complain, report_chargeback
from app.trade.comply import measure, report
from app.trade.conclude import advance_dispute
from app.trade.confirm import confirm
from app.trade.discount import own_discount_bps
from app.trade.dispatch import send_refunds
from app.trade.entitle import activate, use
from app.trade.expire import expire
from app.trade.forecast import Forecast, Goods, forecast
from app.trade.foresee import Changed, Sanctioned, foresee, sanction_as_seen
from app.trade.give_back import give_back, send_returns
from app.trade.inbox import receive, replay
from app.trade.leave import clear_departed, leave
from app.trade.place import Placed, Visitor, Wish, place
from app.trade.plead import accept_decision, agree_on, appeal, concede, offer, speak, take_offer, withdraw_claim
from app.trade.post import post_letters
from app.trade.prospect import Piece, prospects
from app.trade.rebind import approve_rebind, propose_rebind, rebind, withdraw_rebind
from app.trade.recover import recover, want_recovery
from app.trade.redeliver import hand_over_again, replace_card
from app.trade.refund import refund, settle_refund
from app.trade.register import register, register_staff
from app.trade.rehearse import Effect, PayeeEffect, as_shown, expect, rehearse
from app.trade.relate import TELLERS, OrderFacts, relate
from app.trade.release import release_upline
from app.trade.sanction import ban, grant, lift, settle_ban, suspend, withdraw
from app.trade.spend import spend
from app.trade.start import start, start_inside
from app.trade.suspect import clear_flag, uphold_flag
from app.trade.switch import switch
from app.trade.tell_low_stock import tell_low_stock
from app.trade.transfer import send_payout, send_transfers
from app.trade.vouch import MANUAL, SAID_WITHIN_SECONDS, confirm_vouched, refuse_vouched, vouch
from app.trade.write_off import write_off

__all__ = [
    "MANUAL",
    "SAID_WITHIN_SECONDS",
    "TELLERS",
    "AccrualPending",
    "Changed",
    "Effect",
    "Forecast",
    "Goods",
    "IsParty",
    "OrderFacts",
    "PayeeEffect",
    "Piece",
    "Placed",
    "Sanctioned",
    "Visitor",
    "Wish",
    "accept_decision",
    "accrue",
    "activate",
    "advance_dispute",
    "agree_on",
    "announce",
    "appeal",
    "approve_rebind",
    "as_shown",
    "ask",
    "ask_all",
    "ask_due",
    "attach",
    "ban",
    "bias",
    "cancel",
    "claim",
    "claim_commission",
    "clear_departed",
    "clear_flag",
    "close",
    "complain",
    "concede",
    "confirm",
    "confirm_by_hand",
    "confirm_vouched",
    "decide_dispute",
    "decide_now",
    "expect",
    "expire",
    "forecast",
    "foresee",
    "give_back",
    "grant",
    "hand_over_again",
    "leave",
    "lift",
    "measure",
    "offer",
    "order_of",
    "own_discount_bps",
    "place",
    "post_letters",
    "propose_rebind",
    "prospects",
    "rebind",
    "receive",
    "record_outcome",
    "recover",
    "refund",
    "refuse_vouched",
    "register",
    "register_staff",
    "rehearse",
    "relate",
    "release_upline",
    "replace_card",
    "replay",
    "report",
    "report_chargeback",
    "retry_accruals",
    "sanction_as_seen",
    "send_payout",
    "send_refunds",
    "send_returns",
    "send_transfers",
    "settle_ban",
    "settle_refund",
    "speak",
    "spend",
    "start",
    "start_inside",
    "suspend",
    "switch",
    "take_offer",
    "tell_low_stock",
    "uphold_flag",
    "use",
    "vouch",
    "want_recovery",
    "withdraw",
    "withdraw_claim",
    "withdraw_rebind",
    "write_off",
]
