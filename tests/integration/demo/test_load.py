"""`manage.py demo` for load, for another district, and with wrong arguments."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from booking.places.models import CapacityPool
from cms.accounts.models import Consent, SessionToken, User
from cms.core.calendar.times import age_in_months
from cms.demo.services.people import birth_date
from directory.register.models import Institution, InstitutionMember
from tests.factories.demo import DAY, MORNING, count_rows, run_demo

LOAD = ("--institutions", "30", "--cells", "27", "--parents", "3")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("load") / "tokens.txt"


@pytest.fixture(scope="module")
def load(site: None, tokens: Path, django_db_blocker: object) -> dict:
    with django_db_blocker.unblock():
        return run_demo(MORNING, *LOAD, "--tokens", str(tokens))


@pytest.mark.django_db
def test_institutions_come_in_numbers(load: dict) -> None:
    names = list(Institution.objects.values_list("name", flat=True))

    assert load["counts"]["institutions"] == 30
    assert len(set(names)) == 30
    assert [name for name in names if not name.startswith("示例·")] == []


@pytest.mark.django_db
def test_only_the_first_get_classes_and_cells(load: dict) -> None:
    """Of the 24 samples two have no classes yet; three more make 27."""
    houses = CapacityPool.objects.filter(kind="care").values_list("institution", flat=True)

    assert len(set(houses)) == 25
    assert Institution.objects.filter(class_groups__isnull=False).distinct().count() == 25


@pytest.mark.django_db
def test_each_parent_has_a_token_and_a_child_of_18_to_30_months(load: dict, tokens: Path) -> None:
    lines = tokens.read_text().splitlines()

    with time_machine.travel(MORNING, tick=False):
        answers = [Client().get("/api/v1/children", headers={"X-Session-Token": line}).json() for line in lines]

    assert load["counts"]["parents"] == len(set(lines)) == 3
    assert [answer["count"] for answer in answers] == [1, 1, 1]
    assert [a for a in answers if not 18 <= a["results"][0]["age_months"] <= 30] == []
    assert Consent.objects.filter(child__family__members__user__session_tokens__isnull=False).count() == 3


@pytest.mark.django_db
def test_second_run_adds_nothing_but_fresh_tokens(load: dict, tokens: Path, tmp_path: Path) -> None:
    before, file = count_rows(), tmp_path / "again.txt"

    run_demo(MORNING, *LOAD, "--tokens", str(file))

    changed = {label: count - before[label] for label, count in count_rows().items() if count != before[label]}
    assert changed == {SessionToken._meta.label: 3}
    assert set(file.read_text().splitlines()).isdisjoint(tokens.read_text().splitlines())


def demo_accounts() -> set[str]:
    return set(User.objects.filter(username__startswith="demo-").values_list("username", flat=True))


@pytest.mark.django_db
def test_another_district_gets_its_institutions_in_its_own_townships(load: dict) -> None:
    before = demo_accounts()

    run_demo(MORNING, "--district", "hongqi")

    towns = Institution.objects.filter(district__slug="hongqi").values_list("township__name", flat=True)
    assert len(towns) == 24
    assert len(set(towns)) == 7
    offices = ("fuyou", "weijian", "fulian", "jiaoti", "shangwu", "jiedao")
    assert demo_accounts() - before == {f"demo-{office}-hongqi" for office in offices}
    assert InstitutionMember.objects.exclude(institution__district__slug="jianxi").count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--district", "nowhere"), "No district 'nowhere': run setup_site first, then name one of its districts."),
        (("--parents", "2"), "--parents needs --tokens FILE, where the session tokens go."),
        (("--parents", "-2", "--tokens", "x"), "--parents counts from 0, not -2."),
        (("--institutions", "-1"), "--institutions counts from 0, not -1."),
    ],
)
def test_wrong_arguments_get_one_sentence(site: None, args: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("demo", *args)

    assert str(refused.value) == sentence


@pytest.mark.django_db
def test_file_that_cannot_be_written_is_said_before_the_work(site: None, tmp_path: Path) -> None:
    before = count_rows()

    with pytest.raises(CommandError, match="can't be written: No such file or directory"):
        call_command("demo", "--parents", "2", "--tokens", str(tmp_path / "absent" / "tokens.txt"))

    assert count_rows() == before


def test_children_are_in_the_band_on_every_day_of_the_month() -> None:
    from_day = DAY.replace(day=1)

    ages = {
        age_in_months(birth_date(from_day.replace(day=day), months, days), from_day.replace(day=day))
        for day in range(1, 31)
        for months in (18, 29)
        for days in (1, 19)
    }

    assert ages <= set(range(18, 31))
