"""The badges of an institution, alike on its card and on its page."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from directory.register.models import Authorisation
from directory.search.labels import label_of


class Tag(NamedTuple):
    """``kind`` is the CSS modifier: filed, show or inclusive."""

    kind: str
    text: str


def make_tags(*, basis: str, demonstration: bool, inclusive: bool) -> list[Tag]:
    """``basis`` is that of the open authorisation, "" where there is none."""
    found = []
    if basis:
        found.append(Tag("filed", _("已许可") if basis == Authorisation.Basis.PERMIT else _("已备案")))
    if demonstration:
        found.append(Tag("show", label_of("demonstration", "true")))
    if inclusive:
        found.append(Tag("inclusive", label_of("inclusive", "true")))
    return found
