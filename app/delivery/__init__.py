"""Delivery: the goods pass to the buyer, with the right to use them, and the parcel is what can be read of them."""

from app.delivery.entitlement import (
    UNACTIVATED_DAYS,
    Entitlement,
    EntitlementEvent,
    activate,
    end,
    events_of_order,
    revive,
    rights_of_order,
    use,
)
from app.delivery.event import DeliveryEvent, deliveries_of_order, note_delivery
from app.delivery.handover import hand_over
from app.delivery.parcel import Parcel, open_parcel

__all__ = [
    "UNACTIVATED_DAYS",
    "DeliveryEvent",
    "Entitlement",
    "EntitlementEvent",
    "Parcel",
    "activate",
    "deliveries_of_order",
    "end",
    "events_of_order",
    "hand_over",
    "note_delivery",
    "open_parcel",
    "revive",
    "rights_of_order",
    "use",
]
