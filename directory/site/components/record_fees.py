"""The fees of an institution's record: what holds now, what is to come, what was. Words only, no queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.class_kinds import CareMode, kind_label
from directory.register.fees import SINCE_EVER, fee_words, fees_paid, meal_words, month_words, rounding_words
from directory.register.models import CareProduct, ProductFee
from directory.search.labels import label_of
from directory.site.components.record_page import by_institution
from directory.site.queries.detail import KIND_ORDER, InstitutionRecord


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A way to be looked after with what it costs: ``prices`` now, ``coming`` and ``past`` with their days.

    Notes and each line of what comes and was are in pieces that stay on one line each.
    """

    mode: str
    hours: str
    prices: Sequence[str]
    notes: Sequence[str] = ()
    coming: Sequence[Sequence[str]] = ()
    past: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class _Terms:
    """What fees are put in words by."""

    mode: str
    step_minutes: int
    today: dt.date
    kinds_run: Sequence[str]


def fee_lines(record: InstitutionRecord, *, step_minutes: int, today: dt.date) -> list[FeeLine]:
    """The fee table, in the order of the modes."""
    return [
        _line(product, record.fees[product.pk], _Terms(product.mode, step_minutes, today, record.kinds_run))
        for product in record.products
    ]


def fee_stamp(record: InstitutionRecord, *, today: dt.date) -> str:
    """「收费由机构填写，2026年9月1日。清单外不收费。」"""
    kinds = record.kinds_run
    now = [fee for product in record.products for fee in fees_paid(record.fees[product.pk], today, kinds)]
    words = by_institution([fee.confirmed_at for fee in now]) if now else _("机构填写")
    return _("收费由%(source)s。清单外不收费。") % {"source": words}


def _line(product: CareProduct, fees: Sequence[ProductFee], terms: _Terms) -> FeeLine:
    by_kind = {kind: [fee for fee in fees if fee.class_kind == kind] for kind in ("", *KIND_ORDER)}
    paid = sorted(fees_paid(fees, terms.today, terms.kinds_run), key=lambda fee: bool(fee.class_kind))
    coming: list[list[str]] = []
    past: list[list[str]] = []
    for rows in by_kind.values():
        begun = [fee for fee in rows if fee.from_date <= terms.today]
        coming += [_line_words(_from_words(fee, terms), fee, terms) for fee in rows[len(begun) :]]
        past += [_line_words(_past_words(fee, after, terms), fee, terms) for fee, after in pairwise(begun)]
    return FeeLine(
        _mode(product),
        wording.period(product.starts, product.ends),
        [words for fee in paid for words in _class_prices(fee, terms)],
        _notes(product, paid, terms),
        coming,
        past,
    )


def _prices(fee: ProductFee, terms: _Terms) -> list[str]:
    found = [_words(fee, terms)]
    if fee.monthly_fee:
        found.append(month_words(fee.monthly_fee))
    return found


def _class_prices(fee: ProductFee, terms: _Terms) -> list[str]:
    """「乳儿班 90 元/天」「乳儿班 1,800 元/月」; the fee for all without a name."""
    return [f"{kind_label(fee.class_kind)} {words}".strip() for words in _prices(fee, terms)]


def _words(fee: ProductFee, terms: _Terms) -> str:
    return fee_words(terms.mode, fee.fee, step_minutes=terms.step_minutes)


def _line_words(days: str, fee: ProductFee, terms: _Terms) -> list[str]:
    """「12月1日起」「乳儿班」「90 元/天」「1,800 元/月」"""
    return [word for word in (days, kind_label(fee.class_kind), *_prices(fee, terms)) if word]


def _from_words(fee: ProductFee, terms: _Terms) -> str:
    return _("%s起") % wording.plain_date(fee.from_date, terms.today)


def _past_words(fee: ProductFee, after: ProductFee, terms: _Terms) -> str:
    """「9月1日到11月30日」「11月30日以前」"""
    last = wording.plain_date(after.from_date - dt.timedelta(days=1), terms.today)
    if fee.from_date == SINCE_EVER:
        return _("%s以前") % last
    return _("%(first)s到%(last)s") % {"first": wording.plain_date(fee.from_date, terms.today), "last": last}


def _mode(product: CareProduct) -> str:
    words = [label_of("mode", product.mode), str(CareProduct.Part(product.part).label) if product.part else ""]
    return " ".join(word for word in words if word) + (_("（普惠）") if product.inclusive else "")


def _notes(product: CareProduct, paid: Sequence[ProductFee], terms: _Terms) -> list[str]:
    """「按半小时计」「餐费另计 15 元/天」「9月1日起」"""
    notes = [rounding_words(terms.mode, step_minutes=terms.step_minutes)]
    if product.mode == CareMode.TEMPORARY and product.block_minutes:
        notes.append(_("每次%s") % wording.duration_within(product.block_minutes))
    for fee in paid:
        if words := meal_words(fee.meal_fee):
            notes.append(f"{kind_label(fee.class_kind)} {words}".strip())
    notes += [_from_words(fee, terms) for fee in paid[:1] if fee.from_date != SINCE_EVER]
    return [note for note in notes if note]
