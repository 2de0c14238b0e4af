"""Which ways of care an institution may be filed for and may offer: offered ⊆ filed ⊆ the district's.

What stands there already stays, whatever the rules say later: only what is added is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from cms.core.errors import InvalidInput
from directory.districts.class_kinds import CareMode
from directory.districts.models import District
from directory.districts.queries.rules import care_modes_of, district_care_modes
from directory.register.models import CareProduct, Institution


def may_offer(institution: Institution, day: dt.date) -> tuple[str, ...]:
    """The modes that the institution may offer on a day, in their order."""
    return _within(district_care_modes(institution.district, day), institution.filed_modes)


def refuse_filed(district: District, added: Iterable[str], day: dt.date) -> None:
    """Raise ``InvalidInput`` where a filing would name a mode that the district does not have."""
    allowed = district_care_modes(district, day)
    foreign = set(added) - set(allowed)
    if foreign:
        words = outside_words(district.name, foreign, allowed)
        raise InvalidInput(words, fields={"filed_modes": words})


def refuse_offered(institution: Institution, mode: str, day: dt.date) -> None:
    """Raise ``InvalidInput`` where an institution, as it is under its lock, would offer a mode that is not filed."""
    allowed = may_offer(institution, day)
    if mode in CareMode.values and mode not in allowed:
        words = _("这家机构的备案里没有%(mode)s，不能提供。备案里有：%(modes)s。") % {
            "mode": mode_words([mode]),
            "modes": mode_words(allowed) or _("（没有）"),
        }
        raise InvalidInput(words, fields={"mode": words})


def refuse_narrower(institution: Institution, filed: Collection[str]) -> None:
    """Raise ``InvalidInput`` where a filing would leave out a mode that the institution offers at the moment."""
    products = institution.products.filter(active=True)
    offered = set(products.values_list("mode", flat=True)) if filed else set()
    if left := offered - set(filed):
        words = _("机构还在提供%(modes)s，请先请机构停用这几项收费。") % {"modes": mode_words(left)}
        raise InvalidInput(words, fields={"filed_modes": words})


def refuse_new_offerings(products: Iterable[CareProduct], day: dt.date) -> None:
    """``refuse_offered`` for many unsaved products at once; two queries."""
    products = list(products)
    codes = {product.institution.district_id: product.institution.district.code for product in products}
    allowed = care_modes_of(codes, day)
    for product in products:
        house = product.institution
        if product.mode not in _within(allowed[house.district_id], house.filed_modes):
            words = _("%(name)s的备案里没有%(mode)s。") % {"name": house.name, "mode": mode_words([product.mode])}
            raise InvalidInput(words, fields={"mode": words})


def outside_words(district: str, foreign: Collection[str], allowed: Collection[str]) -> str:
    """「鄠邑区的规定里没有全日托；有：计时托、临时托、半月托。…」"""
    return _("%(district)s的规定里没有%(foreign)s；有：%(allowed)s。规定有变化请先在「规定与指标」里改。") % {
        "district": district,
        "foreign": mode_words(foreign),
        "allowed": mode_words(allowed),
    }


def mode_words(modes: Collection[str]) -> str:
    """「全日托、计时托」, in the order of the enum."""
    return "、".join(str(mode.label) for mode in CareMode if mode.value in modes)


def _within(allowed: Iterable[str], filed: Collection[str]) -> tuple[str, ...]:
    """A filing that names no modes is for those of the district."""
    return tuple(mode for mode in allowed if not filed or mode in filed)
