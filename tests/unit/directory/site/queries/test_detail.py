from __future__ import annotations

import datetime as dt

import pytest

from cms.media.models import CustomImage
from directory.register.models import Authorisation, Institution, ProfilePhoto
from directory.site.queries.detail import InstitutionAbsent, InstitutionRecord, preview_record, public_record
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    ClosingDayFactory,
    InstitutionFactory,
    InstitutionProfileFactory,
    TitleFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def institution() -> Institution:
    """A public one, beside another with everything of its own."""
    other = InstitutionFactory(public=True)
    ClassGroupFactory(institution=other)
    CareProductFactory(institution=other)
    ClosingDayFactory(institution=other, date=TODAY)
    TitleFactory(institution=other)
    InstitutionProfileFactory(institution=other, live=True)
    return InstitutionFactory(public=True)


def read(institution: Institution) -> InstitutionRecord:
    return public_record(institution.public_id, today=TODAY)


def test_bare_record(institution: Institution) -> None:
    record = read(institution)

    assert record.institution == institution
    assert record.institution.township == institution.township
    assert record.district == institution.district
    assert record.authorisation == institution.authorisations.get()
    assert (record.profile, record.photos, record.titles) == (None, [], [])
    assert (record.class_groups, record.products, record.closing_days) == ([], [], [])
    assert record.kinds_run == []


@pytest.mark.parametrize(
    "values",
    [
        {"until_date": TODAY - DAY},
        {"from_date": TODAY + DAY},
        {"published_at": None},
        {"ended_date": TODAY - DAY, "ended_reason": "x"},
    ],
)
def test_without_a_live_authorisation_nothing_is_there(institution: Institution, values: dict[str, object]) -> None:
    Authorisation.objects.filter(institution=institution).update(**values)

    with pytest.raises(InstitutionAbsent):
        read(institution)


@pytest.mark.parametrize("values", [{"until_date": TODAY}, {"from_date": TODAY}])
def test_authorisation_of_this_day(institution: Institution, values: dict[str, object]) -> None:
    Authorisation.objects.filter(institution=institution).update(**values)

    assert read(institution).institution == institution


def test_what_is_not_public_or_unknown_is_not_there(institution: Institution) -> None:
    Institution.objects.filter(pk=institution.pk).update(is_public=False)

    with pytest.raises(InstitutionAbsent):
        read(institution)
    with pytest.raises(InstitutionAbsent):
        public_record("nobody", today=TODAY)


@pytest.mark.parametrize(("offset", "shown"), [(-1, False), (0, True), (30, True), (31, False)])
def test_closing_days_of_the_next_thirty(institution: Institution, offset: int, shown: bool) -> None:
    closing = ClosingDayFactory(institution=institution, date=TODAY + offset * DAY)

    assert read(institution).closing_days == ([closing] if shown else [])


def test_closing_days_in_order(institution: Institution) -> None:
    later, sooner = (ClosingDayFactory(institution=institution, date=TODAY + number * DAY) for number in (9, 2))

    assert read(institution).closing_days == [sooner, later]


def test_titles_only_of_a_demonstration_house(institution: Institution) -> None:
    TitleFactory(institution=institution, ended_date=TODAY, ended_reason="复审未通过")
    title = TitleFactory(institution=institution)
    assert read(institution).titles == []

    Institution.objects.filter(pk=institution.pk).update(is_demonstration=True)

    assert read(institution).titles == [title]


@pytest.mark.parametrize(("offset", "shown"), [(-1, False), (0, True)])
def test_titles_past_their_day_are_gone(institution: Institution, offset: int, shown: bool) -> None:
    Institution.objects.filter(pk=institution.pk).update(is_demonstration=True)
    title = TitleFactory(institution=institution, until_date=TODAY + offset * DAY)

    assert read(institution).titles == ([title] if shown else [])


def test_classes_that_run_and_their_kinds_youngest_first(institution: Institution) -> None:
    kinds = ["mixed", "senior_toddler", "toddler", "infant", "toddler"]
    groups = [ClassGroupFactory(institution=institution, kind=kind) for kind in kinds]
    ClassGroupFactory(institution=institution, active=False)

    record = read(institution)

    assert record.class_groups == groups
    assert record.kinds_run == ["infant", "toddler", "senior_toddler", "mixed"]


def test_products_by_mode_time_and_fee(institution: Institution) -> None:
    def make(**values: object) -> object:
        return CareProductFactory(institution=institution, **values)

    hourly = make(hourly=True)
    temporary = make(temporary=True)
    late = make(half_day=True, part="afternoon", starts=dt.time(14), ends=dt.time(18))
    early = make(half_day=True)
    dear = make(fee=9000, ends=dt.time(17))
    cheap = make(fee=8000, ends=dt.time(18))
    inclusive = make(fee=9500, inclusive=True)
    make(active=False, fee=1)

    assert read(institution).products == [inclusive, cheap, dear, early, late, hourly, temporary]


def test_inclusive_places(institution: Institution) -> None:
    found = []
    for places in (0, 1):
        Institution.objects.filter(pk=institution.pk).update(inclusive_places=places)
        found.append(read(institution).has_inclusive)

    assert found == [False, True]


def photos(profile: object, count: int) -> list[ProfilePhoto]:
    image = CustomImage.objects.create(title="院子", file="院子.jpg", width=10, height=10)
    made = [
        ProfilePhoto.objects.create(profile=profile, image=image, caption=f"{number}", sort_order=count - number)
        for number in range(count)
    ]
    return made[::-1]


def test_six_photos_of_a_published_profile_in_their_order(institution: Institution) -> None:
    profile = InstitutionProfileFactory(institution=institution, live=True)
    made = photos(profile, 7)

    record = read(institution)

    assert record.profile == profile
    assert record.photos == made[:6]


def test_unpublished_profile_is_not_shown_but_previewed(institution: Institution) -> None:
    profile = InstitutionProfileFactory(institution=institution, live=False)
    made = photos(profile, 2)
    group = ClassGroupFactory(institution=institution)
    product = CareProductFactory(institution=institution)
    title = TitleFactory(institution=institution)
    ClosingDayFactory(institution=institution, date=TODAY)

    record, preview = read(institution), preview_record(profile, today=TODAY)

    assert (record.profile, record.photos) == (None, [])
    assert (preview.institution, preview.profile, preview.photos) == (institution, profile, made)
    assert (preview.class_groups, preview.products, preview.titles) == ([group], [product], [title])
    assert preview.authorisation == institution.authorisations.get()
    assert preview.closing_days == []


@pytest.mark.parametrize("values", [{"until_date": TODAY - DAY}, {"ended_date": TODAY, "ended_reason": "x"}])
def test_preview_of_a_house_without_authorisation(institution: Institution, values: dict[str, object]) -> None:
    profile = InstitutionProfileFactory(institution=institution)
    institution.authorisations.update(**values)

    assert preview_record(profile, today=TODAY).authorisation.pk is None
