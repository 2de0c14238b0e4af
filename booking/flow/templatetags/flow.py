"""Template words of the parent's flow: `{% load flow %}`."""

from __future__ import annotations

from django import template

from cms.core.display.places import why_not
from cms.core.display.wording import duration

register = template.Library()
register.filter("why_not", why_not)
register.filter("duration", duration)
