"""Booking's calls in the JSON API: each sub-app brings a router."""

from __future__ import annotations

from ninja import Router

from booking.care.api import router as care_router

router = Router()
router.add_router("", care_router)
