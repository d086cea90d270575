"""The conductor: the acts that touch several rooms, in order. They hold no rules of their own."""

from app.trade.accrue import AccrualPending, accrue, retry_accruals
from app.trade.ask import ask, ask_due
from app.trade.claim import claim
from app.trade.confirm import confirm
from app.trade.expire import expire
from app.trade.inbox import receive
from app.trade.place import Placed, Visitor, Wish, place
from app.trade.refund import refund, settle_refund
from app.trade.register import register, register_staff
from app.trade.release import release_upline
from app.trade.start import start

__all__ = [
    "AccrualPending",
    "Placed",
    "Visitor",
    "Wish",
    "accrue",
    "ask",
    "ask_due",
    "claim",
    "confirm",
    "expire",
    "place",
    "receive",
    "refund",
    "register",
    "register_staff",
    "release_upline",
    "retry_accruals",
    "settle_refund",
    "start",
]
