"""Parenting's calls in the JSON API: each sub-app brings a router."""

from __future__ import annotations

from ninja import Router

from parenting.classes.api import router as classes_router

router = Router()
router.add_router("", classes_router)
