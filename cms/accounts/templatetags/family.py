"""How a family's own pages show a telephone number."""

from __future__ import annotations

from django import template

from cms.accounts import phone

register = template.Library()
register.filter("mask_phone", phone.mask_phone)
