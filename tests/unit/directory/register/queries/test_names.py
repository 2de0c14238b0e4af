"""What institutions were called before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from directory.register.models import Institution
from directory.register.queries.names import former_names
from directory.register.services.institutions import correct_institution
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def rename(institution: Institution, *names: str) -> None:
    for number, name in enumerate(names):
        correct_institution(
            institution=institution, values={"name": name, "address": f"路{number}号"}, now=NOW + dt.timedelta(number)
        )


@pytest.mark.parametrize("count", [1, 3])
def test_former_names_are_read_at_once(django_assert_num_queries, count: int) -> None:
    made = [InstitutionFactory(name=f"初名{number}") for number in range(count)]
    for institution in made:
        rename(institution, f"新名{institution.pk}")
    plain = InstitutionFactory()
    institutions = list(Institution.objects.all())
    former_names(institutions)

    with django_assert_num_queries(1):
        found = former_names(institutions)

    assert found == {institution.pk: [f"初名{number}"] for number, institution in enumerate(made)}
    assert plain.pk not in found


def test_latest_first_each_once_at_most_three_and_not_the_present() -> None:
    made = InstitutionFactory(name="一")
    rename(made, "二", "三", "二", "四", "五", "二")

    assert former_names(list(Institution.objects.all())) == {made.pk: ["五", "四", "三"]}


def test_a_correction_that_leaves_the_name_is_none() -> None:
    made = InstitutionFactory(name="一")
    correct_institution(institution=made, values={"address": "新路1号"}, now=NOW)

    assert former_names([made]) == {}
