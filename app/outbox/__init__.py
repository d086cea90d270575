"""The outbox: what has to be told to the world outside, written where it is decided and sent by the worker."""

from app.outbox.message import Message, claim, due, is_pending, put, put_off, reasons, settle

__all__ = ["Message", "claim", "due", "is_pending", "put", "put_off", "reasons", "settle"]
