"""Parenting's calls in the JSON API (contract.md): each sub-app brings a router."""

from __future__ import annotations

from ninja import Router

from parenting.classes.api import router as classes_router

router = Router()
router.add_router("", classes_router)
