"""Delivery: the goods pass to the buyer, and the buyer's parcel is what can be read of them."""

from app.delivery.handover import hand_over
from app.delivery.parcel import Parcel, open_parcel

__all__ = ["Parcel", "hand_over", "open_parcel"]
