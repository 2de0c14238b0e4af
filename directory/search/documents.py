"""What the index knows of an institution: the terms it is found by, and the document a result shows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from directory.districts.class_kinds import CareMode, ClassKind
from directory.register import ports
from directory.register.fees import fees_paid, shown_mode, unit_fee
from directory.register.models import Authorisation, CareProduct, ClassGroup, Institution, ProductFee
from directory.register.queries.names import former_names
from directory.search.engine import ALL, LOCATED, facet_term
from directory.search.pinyin import readings, sort_key
from directory.search.text import NAME, NUMBER, TEXT, fold, index_terms, latin_terms, phone_terms

MODE_ORDER = [mode.value for mode in CareMode]
KIND_ORDER = [kind.value for kind in ClassKind]


@dataclasses.dataclass(frozen=True, slots=True)
class IndexedInstitution:
    """One record of the index. ``price_from`` in fen is what a card shows where no mode is asked (``shown_mode``)."""

    pk: int
    terms: frozenset[str]
    document: dict[str, Any]
    name_key: str
    latitude: float | None
    longitude: float | None
    price_from: int | None

    @property
    def digest(self) -> int:
        """A number that differs where anything else in the record does."""
        said = json.dumps([sorted(self.terms), self.document, self.name_key], sort_keys=True)
        return zlib.crc32(said.encode())


def build_documents(institution_ids: Collection[int], *, today: dt.date) -> dict[int, IndexedInstitution]:
    """Records of those of the institutions that are public, in the order of their keys; a fixed number of queries.

    Prices are those of ``today``: when a fee begins its institution is indexed again (``jobs.announce_fees``).
    """
    institutions = list(
        Institution.objects.filter(pk__in=institution_ids, is_public=True)
        .select_related("district", "township")
        .order_by("pk")
    )
    pks = [institution.pk for institution in institutions]
    kinds = _class_kinds(pks)
    products = _products(kinds, pks, today)
    bases = dict(
        Authorisation.objects.filter(institution__in=pks, ended_date__isnull=True).values_list("institution", "basis")
    )
    former = former_names(institutions)
    step_minutes = ports.step_minutes.get()
    steps = step_minutes(pks) if step_minutes else {}
    return {
        institution.pk: _record(
            institution,
            kinds=kinds[institution.pk],
            products=products[institution.pk],
            basis=bases.get(institution.pk, ""),
            step=steps.get(institution.pk, ports.DEFAULT_STEP_MINUTES),
            former=former.get(institution.pk, ()),
        )
        for institution in institutions
    }


def _class_kinds(pks: Collection[int]) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pk, kind in ClassGroup.objects.filter(institution__in=pks, active=True).values_list("institution", "kind"):
        found[pk].add(kind)
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Offer:
    """A product that is offered today, with the lowest fees that a family pays."""

    mode: str
    inclusive: bool
    fee: int
    monthly_fee: int | None


def _products(kinds: Mapping[int, set[str]], pks: Collection[int], today: dt.date) -> Mapping[int, list[_Offer]]:
    fees: defaultdict[int, list[ProductFee]] = defaultdict(list)
    for fee in ProductFee.objects.filter(product__institution__in=pks, product__active=True, from_date__lte=today):
        fees[fee.product_id].append(fee)
    found: defaultdict[int, list[_Offer]] = defaultdict(list)
    for product in CareProduct.objects.filter(pk__in=fees):
        paid = fees_paid(fees[product.pk], today, kinds[product.institution_id])
        if paid:
            months = (fee.monthly_fee for fee in paid if fee.monthly_fee)
            offer = _Offer(product.mode, product.inclusive, min(fee.fee for fee in paid), min(months, default=None))
            found[product.institution_id].append(offer)
    return found


def _record(
    institution: Institution,
    *,
    kinds: set[str],
    products: list[_Offer],
    basis: str,
    step: int,
    former: Sequence[str],
) -> IndexedInstitution:
    district, township = institution.district, institution.township
    prices = _prices(products, step)
    folded = fold(institution.name)
    document: dict[str, Any] = {
        "id": institution.public_id,
        "name": institution.name,
        "district": district.slug,
        "district_name": district.name,
        "street": township.code if township else "",
        "street_name": township.name if township else "",
        "address": institution.address,
        "phone": institution.phone,
        "latitude": institution.latitude,
        "longitude": institution.longitude,
        "modes": _ordered({*institution.filed_modes, *(product.mode for product in products)}, MODE_ORDER),
        "class_kinds": _ordered(kinds, KIND_ORDER),
        "inclusive": institution.inclusive_places > 0 or any(product.inclusive for product in products),
        "demonstration": institution.is_demonstration,
        "basis": basis,
        "places": institution.places,
        "prices": prices,
        "month_price": min((product.monthly_fee for product in products if product.monthly_fee), default=None),
        "sounds": [" ".join(each) for each in readings(folded)] if len(folded) == len(institution.name) else [],
        "former": list(former),
    }
    return IndexedInstitution(
        pk=institution.pk,
        terms=frozenset([*_terms(document), *_number_terms(institution)]),
        document=document,
        name_key=sort_key(folded),
        latitude=institution.latitude,
        longitude=institution.longitude,
        price_from=prices.get(shown_mode(prices)),
    )


def _ordered(values: Iterable[str], order: list[str]) -> list[str]:
    return sorted((value for value in values if value in order), key=order.index)


def _prices(products: list[_Offer], step: int) -> dict[str, int]:
    """The lowest fee of each mode, in fen for the unit that is shown."""
    found: dict[str, int] = {}
    for product in products:
        fee = unit_fee(product.mode, product.fee, step_minutes=step)
        found[product.mode] = min(fee, found.get(product.mode, fee))
    return found


def _terms(document: Mapping[str, Any]) -> Iterable[str]:
    name = document["name"]
    yield from index_terms(NAME, name)
    yield from index_terms(TEXT, name)
    yield from index_terms(TEXT, document["address"])
    yield from latin_terms(readings(fold(name)))
    for former in document["former"]:
        yield from (*index_terms(TEXT, former), *latin_terms(readings(fold(former))))
    for place in (document["street_name"], document["district_name"]):
        yield from _place_terms(place)
    for value in (*document["modes"], *document["class_kinds"]):
        yield from _word_terms(value)
    yield from _facet_terms(document)


def _number_terms(institution: Institution) -> set[str]:
    """A code is found as a whole alone, so that nobody can guess it letter by letter."""
    code = {NUMBER + fold(institution.credit_code)} if institution.credit_code else set()
    return phone_terms(institution.phone) | code


@functools.lru_cache(maxsize=1024)
def _place_terms(words: str) -> frozenset[str]:
    return frozenset(index_terms(TEXT, words) | latin_terms(readings(fold(words))))


@functools.cache
def _word_terms(value: str) -> frozenset[str]:
    """A mode or class kind is found by its words."""
    label = CareMode(value).label if value in MODE_ORDER else ClassKind(value).label
    return frozenset(index_terms(TEXT, str(label)))


def _facet_terms(document: Mapping[str, Any]) -> Iterable[str]:
    yield ALL
    yield facet_term("district", document["district"])
    if document["latitude"] is not None:
        yield LOCATED
    if document["street"]:
        yield facet_term("street", document["street"])
    yield from (facet_term("mode", mode) for mode in document["modes"])
    yield from (facet_term("class_kind", kind) for kind in document["class_kinds"])
    yield from (facet_term(flag, "true") for flag in ("inclusive", "demonstration") if document[flag])
