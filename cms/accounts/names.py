"""Names of people and what they are called: as typed or pasted, read as an eye reads them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cms.core.text import one_line

#: As on a passport or an identity card: long names with interpuncts, or in Latin letters, fit.
MAX_NAME = 60
MAX_CALLED = 40
MAX_RELATION = 20


class BadName(ValueError):
    """Nothing that can be seen, or too much of it; the text says which, for people."""


def read_name(text: str, *, label: str, most: int, required: bool = True) -> str:
    """The name without what cannot be seen and with single blanks. Raises ``BadName``."""
    name = one_line(text)
    if required and not name:
        raise BadName(_("请填%(label)s") % {"label": label})
    if len(name) > most:
        raise BadName(too_long(label, most=most, typed=len(name)))
    return name


def too_long(label: str, *, most: int, typed: int) -> str:
    """姓名最多 60 个字，现在有 63 个"""
    return _("%(label)s最多 %(most)d 个字，现在有 %(typed)d 个") % {"label": label, "most": most, "typed": typed}
