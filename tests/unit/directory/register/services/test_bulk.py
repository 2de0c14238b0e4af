from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from wagtail.models import ModelLogEntry

from cms.core.models import OutboxMessage
from directory.register import ports
from directory.register.models import Authorisation, Institution, InstitutionProfile, OpeningRule
from directory.register.services.bulk import NewInstitution, create_institutions, create_offerings
from directory.register.services.bulk_corrections import Correction, correct_institutions
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    DistrictFactory,
    InstitutionFactory,
    OpeningRuleFactory,
    ProductFeeFactory,
    RefusalFactory,
    TownshipFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def reopened():
    """The institutions that booking was told of."""
    told = []
    with ports.offering_changed.replaced_by(test=lambda *, institution_id, now: told.append(institution_id)):
        yield told


def new(district, number: int, *, filed: bool = True, **values) -> NewInstitution:
    institution = Institution(district=district, name=f"示例{number}", address=f"路{number}号", **values)
    authorisation = Authorisation(institution=institution, number=f"B{number}", office="某部门", source_title="名单")
    return NewInstitution(institution, authorisation if filed else None)


def indexed() -> list[int]:
    rows = OutboxMessage.objects.filter(topic="search.index").order_by("pk")
    return [pk for row in rows for pk in row.payload["institutions"]]


def test_filed_institution_becomes_public_with_an_empty_profile() -> None:
    (pk,) = create_institutions(rows=[new(DistrictFactory(), 1)], now=NOW)

    made = Institution.objects.get(pk=pk)
    assert (made.state, made.is_public, made.created_at, made.changed_at) == ("active", True, NOW, NOW)
    assert made.authorisations.get().published_at == NOW
    assert made.authorisations.live(NOW.date()).exists() is True
    profile = InstitutionProfile.objects.get(institution=made)
    assert (profile.introduction, profile.latest_revision) == ("", None)
    assert indexed() == [pk]


def test_unfiled_institution_stays_a_draft_unindexed() -> None:
    (pk,) = create_institutions(rows=[new(DistrictFactory(), 1, filed=False)], now=NOW)

    made = Institution.objects.get(pk=pk)
    assert (made.state, made.is_public) == ("draft", False)
    assert indexed() == []


def test_history_names_what_was_done_and_by_whom() -> None:
    user = StaffUserFactory()
    (pk,) = create_institutions(rows=[new(DistrictFactory(), 1)], now=NOW, actor=user)

    entries = ModelLogEntry.objects.order_by("pk")
    assert [(entry.action, entry.user_id) for entry in entries] == [
        ("wagtail.create", user.pk),
        ("directory.grant", user.pk),
    ]
    assert entries[0].object_id == str(pk)


def test_batches_cost_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:
    district = DistrictFactory()
    create_institutions(rows=[new(district, 0)], now=NOW)

    with django_assert_max_num_queries(25):
        made = create_institutions(rows=(new(district, n) for n in range(1, 200)), now=NOW)

    assert len(made) == 199


def test_progress_counts_what_is_written(monkeypatch) -> None:
    monkeypatch.setattr("directory.register.services.bulk_batches.BATCH", 2)
    told: list[int] = []
    district = DistrictFactory()

    create_institutions(rows=[new(district, n) for n in range(5)], now=NOW, progress=told.append)

    assert told == [2, 4, 5]


def test_broken_row_undoes_its_batch() -> None:
    district = DistrictFactory()

    with pytest.raises(IntegrityError):
        create_institutions(rows=[new(district, 1), new(district, 2, places=1, inclusive_places=2)], now=NOW)

    assert Institution.objects.count() == 0


def test_townships_get_their_centre() -> None:
    township = TownshipFactory()
    create_institutions(
        rows=[new(township.district, n, township=township, latitude=34.0 + n, longitude=112.0) for n in (0, 1)],
        now=NOW,
    )

    township.refresh_from_db()
    assert (township.centre_latitude, township.centre_longitude) == (34.5, 112.0)


def corrected(institution, **values) -> Correction:
    for name, value in values.items():
        setattr(institution, name, value)
    return Correction(institution, {name: ["", str(value)] for name, value in values.items()})


def test_correction_writes_values_and_history_without_personal_data() -> None:
    institution = InstitutionFactory(public=True)

    written = correct_institutions(corrections=[corrected(institution, places=80, phone="0379-1111111")], now=NOW)

    institution.refresh_from_db()
    assert (written, institution.places, institution.phone, institution.changed_at) == (1, 80, "0379-1111111", NOW)
    assert ModelLogEntry.objects.get().data == {"import": True, "changes": {"places": ["", "80"], "phone": []}}
    assert indexed() == [institution.pk]


def test_moving_recomputes_both_townships() -> None:
    old = TownshipFactory(centre_latitude=34.5, centre_longitude=112.0)
    new = TownshipFactory(district=old.district)
    staying = TownshipFactory(district=old.district, centre_latitude=1.0, centre_longitude=2.0)
    moved = InstitutionFactory(district=old.district, township=old, latitude=35.0, longitude=112.0)
    InstitutionFactory(district=old.district, township=old, latitude=34.0, longitude=112.0)

    correct_institutions(corrections=[corrected(moved, township=new)], now=NOW)

    for township in (old, new, staying):
        township.refresh_from_db()
    assert [row.centre_latitude for row in (old, new, staying)] == [34.0, 35.0, 1.0]


def test_new_filing_makes_a_draft_public_and_links_earlier_refusals(reopened) -> None:
    institution = InstitutionFactory()
    ClassGroupFactory(institution=institution)
    refusal = RefusalFactory(institution=institution)
    filing = Authorisation(institution=institution, number="1", office="某部门", source_title="名单")

    correct_institutions(corrections=[Correction(institution, {"filing_number": ["", "1"]}, filing)], now=NOW)

    institution.refresh_from_db()
    refusal.refresh_from_db()
    assert (institution.state, institution.is_public) == ("active", True)
    assert refusal.later_authorisation == institution.authorisations.get()
    assert reopened == [institution.pk]


def test_rectification_outlives_a_corrected_filing(reopened) -> None:
    institution = InstitutionFactory(public=True)
    institution.state = Institution.State.RECTIFICATION
    institution.save()
    filing = institution.authorisations.get()
    filing.number = "neu"

    correct_institutions(corrections=[Correction(institution, {"filing_number": ["", "neu"]}, filing)], now=NOW)

    institution.refresh_from_db()
    assert institution.state == Institution.State.RECTIFICATION
    assert institution.authorisations.get().number == "neu"
    assert reopened == []


def test_booking_hears_of_changed_places_where_there_are_classes(reopened) -> None:
    with_class, without = InstitutionFactory(public=True), InstitutionFactory(public=True)
    ClassGroupFactory(institution=with_class)

    correct_institutions(corrections=[corrected(with_class, places=70), corrected(without, places=70)], now=NOW)

    assert reopened == [with_class.pk]


def test_booking_does_not_hear_of_places_while_an_institution_takes_no_bookings(reopened) -> None:
    institution = InstitutionFactory(public=True)
    institution.state = Institution.State.RECTIFICATION
    institution.save()
    ClassGroupFactory(institution=institution)

    correct_institutions(corrections=[corrected(institution, places=70)], now=NOW)

    assert reopened == []


def test_offerings_are_written_and_indexed_once_an_institution() -> None:
    institution = InstitutionFactory(public=True)
    group = ClassGroupFactory.build(institution=institution)

    product = CareProductFactory.build(institution=institution)
    second = CareProductFactory.build(institution=institution, half_day=True)
    fees = [
        ProductFeeFactory.build(product=product, fee=5400),
        ProductFeeFactory.build(product=product, fee=6000, from_date=dt.date(2026, 12, 1)),
        ProductFeeFactory.build(product=second, fee=3000),
    ]

    create_offerings(
        class_groups=[group], opening_rules=[OpeningRuleFactory.build(class_group=group)], fees=fees, now=NOW
    )

    assert OpeningRule.objects.get().class_group == institution.class_groups.get()
    saved = institution.products.order_by("pk").prefetch_related("fees")
    assert [[fee.fee for fee in made.fees.order_by("from_date")] for made in saved] == [[5400, 6000], [3000]]
    rows = [institution.class_groups.get(), *saved, *(fee for made in saved for fee in made.fees.all())]
    assert {row.confirmed_at for row in rows} == {NOW}
    assert indexed() == [institution.pk]
