"""Capacity, bookings and their ledger, rules, idempotency."""

from booking.models.booking import Booking, BookingEvent, BookingSeries
from booking.models.capacity import CapacityCell, CapacityPool
from booking.models.ledger import BookingCell, ChildSlot, IdempotencyKey
from booking.models.policy import BookingPolicy, PlacesConfirmation

__all__ = [
    "Booking",
    "BookingCell",
    "BookingEvent",
    "BookingPolicy",
    "BookingSeries",
    "CapacityCell",
    "CapacityPool",
    "ChildSlot",
    "IdempotencyKey",
    "PlacesConfirmation",
]
