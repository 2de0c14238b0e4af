"""Capacity, bookings and their ledger, rules, idempotency."""

from booking.places.models.booking import Booking, BookingEvent, BookingSeries
from booking.places.models.capacity import CapacityCell, CapacityPool
from booking.places.models.ledger import BookingCell, ChildSlot, IdempotencyKey
from booking.places.models.policy import BookingPolicy, PlacesConfirmation

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
