"""What an attempt comes to in a house with two groups of a class, a mixed class and two products of a mode."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.holds import hold_care
from booking.places import refusals
from booking.places.models import Booking, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.cells import set_targets
from cms.core.calendar.times import at
from directory.register.models import CareProduct, ClosingDay, Institution
from tests.factories.booking import (
    NOW,
    TOMORROW,
    booked,
    full_house,
    hold,
    infant,
    senior_toddler,
    toddler,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return full_house()


def cells_of(house, bucket: str, day: dt.date = TOMORROW):
    return CapacityCell.objects.filter(
        pool__institution=house.institution, pool__bucket=bucket, starts_at__date=day
    ).order_by("starts_at")


def limit(house, bucket: str, target: int, *clocks: dt.time) -> None:
    """Leave so many places in the cells that start then, all of the day without clocks."""
    found = cells_of(house, bucket)
    if clocks:
        found = found.filter(starts_at__in=[at(TOMORROW, clock) for clock in clocks])
    set_targets(dict.fromkeys(found.values_list("pk", flat=True), target))


@pytest.mark.parametrize(("family", "bucket"), [(toddler, "toddler"), (infant, "infant"), (senior_toddler, "mixed")])
def test_child_takes_its_own_class_or_the_mixed_one_and_the_house(house, family, bucket):
    user, child = family()

    booking = hold(house, user=user, child=child)

    taken = set(CapacityCell.objects.filter(taken=1).values_list("pool__bucket", flat=True))
    assert (booking.pool.bucket, taken) == (bucket, {bucket, "all"})
    assert Booking.objects.get().child_id == child.pk


def test_cheapest_product_of_the_hours_is_taken(house):
    user, child = toddler()
    families = [toddler() for _ in range(3)]

    morning = hold(house, user=user, child=child, starts=dt.time(9), ends=dt.time(11))
    over_noon = hold(house, user=families[0][0], child=families[0][1], starts=dt.time(11), ends=dt.time(13))
    block = hold(
        house, user=families[1][0], child=families[1][1], mode="temporary", starts=dt.time(8), ends=dt.time(10)
    )

    assert (morning.product, morning.amount) == (house.products["morning"], 4 * 700)
    assert (over_noon.product, over_noon.amount) == (house.products["hourly"], 4 * 900)
    assert (block.product, block.amount) == (house.products["temporary"], 3000)


def test_named_product_is_taken_although_another_is_cheaper(house):
    user, child = toddler()

    booking = hold(
        house,
        user=user,
        child=child,
        starts=dt.time(9),
        ends=dt.time(11),
        product=house.products["hourly"].public_id,
    )

    assert (booking.product, booking.amount) == (house.products["hourly"], 4 * 900)


def test_of_equally_cheap_products_the_first_is_taken(house):
    user, child = toddler()
    house.products["morning"].fees.update(fee=900)

    booking = hold(house, user=user, child=child, starts=dt.time(9), ends=dt.time(11))

    assert booking.product_id == min(house.products["hourly"].pk, house.products["morning"].pk)


@pytest.mark.parametrize("product", ["other house", "inactive", "other mode"])
def test_product_that_is_not_offered_for_it_is_refused(house, product):
    user, child = toddler()
    named = {
        "other house": house.other.products["hourly"],
        "inactive": house.products["morning"],
        "other mode": house.products["temporary"],
    }[product]
    CareProduct.objects.filter(pk=house.products["morning"].pk).update(active=False)

    with pytest.raises(refusals.NoSuchProduct):
        hold(house, user=user, child=child, starts=dt.time(9), ends=dt.time(11), product=named.public_id)


def test_inactive_product_is_no_choice(house):
    user, child = toddler()
    CareProduct.objects.filter(pk=house.products["morning"].pk).update(active=False)

    booking = hold(house, user=user, child=child, starts=dt.time(9), ends=dt.time(11))

    assert booking.product == house.products["hourly"]


def test_most_telling_problem_of_several_products_is_named(house):
    user, child = toddler()

    with pytest.raises(refusals.TooShort):
        hold(house, user=user, child=child, starts=dt.time(12), ends=dt.time(12, 30))
    with pytest.raises(refusals.BadStep):
        hold(house, user=user, child=child, starts=dt.time(12, 15), ends=dt.time(13, 15))


@pytest.mark.parametrize("bucket", ["toddler", "all"])
@pytest.mark.parametrize(
    ("clocks", "is_full"),
    [
        ((dt.time(13, 30),), False),
        ((dt.time(14),), True),
        ((dt.time(16, 30),), True),
        ((dt.time(17),), False),
    ],
)
def test_one_full_cell_of_class_or_house_refuses_the_stay(house, bucket, clocks, is_full):
    user, child = toddler()
    limit(house, bucket, 0, *clocks)

    if is_full:
        with pytest.raises(refusals.Full):
            hold(house, user=user, child=child)
    else:
        assert hold(house, user=user, child=child).status == "held"
    assert list(ledger_differences()) == []


def test_other_class_that_is_full_stands_in_nobodys_way(house):
    user, child = toddler()
    limit(house, "infant", 0)
    limit(house, "mixed", 0)

    assert hold(house, user=user, child=child).status == "held"


def test_last_place_is_sold_once(house):
    limit(house, "toddler", 2)
    for _ in range(2):
        user, child = toddler()
        hold(house, user=user, child=child)
    user, child = toddler()

    with pytest.raises(refusals.Full):
        hold(house, user=user, child=child)


def test_class_over_its_target_has_no_place(house):
    user, child = toddler()
    booked(house, user=user, child=child)
    limit(house, "toddler", 0)
    other, sibling = toddler()

    with pytest.raises(refusals.Full):
        hold(house, user=other, child=sibling)


def test_missing_cell_is_not_bookable(house):
    user, child = toddler()
    cells_of(house, "toddler").filter(starts_at=at(TOMORROW, dt.time(15))).delete()

    with pytest.raises(refusals.OutsideHours):
        hold(house, user=user, child=child)
    assert hold(house, user=user, child=child, starts=dt.time(13), ends=dt.time(15)).status == "held"


def test_second_group_of_a_class_closes_before_the_first(house):
    assert [cell.target for cell in cells_of(house, "toddler")] == [6] * 2 + [9] * 16 + [6] * 2


def test_pool_that_is_not_run_takes_nobody(house):
    user, child = infant()
    house.institution.capacity_pools.filter(bucket="infant").update(active=False)

    with pytest.raises(refusals.AgeNotTaken):
        hold(house, user=user, child=child)


def test_house_pool_that_is_not_run_takes_nobody(house):
    user, child = infant()
    house.institution.capacity_pools.filter(bucket="all").update(active=False)

    with pytest.raises(refusals.AgeNotTaken):
        hold(house, user=user, child=child)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"is_public": False, "state": "draft"}, refusals.NotThere),
        ({"state": "under_rectification"}, refusals.Closed),
    ],
)
def test_institution_that_takes_no_bookings_refuses(house, change, refusal):
    user, child = toddler()
    Institution.objects.filter(pk=house.institution.pk).update(**change)

    with pytest.raises(refusal):
        hold(house, user=user, child=child)


def test_closing_day_refuses_its_own_day_and_house_alone(house):
    user, child = toddler()
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW)

    with pytest.raises(refusals.Closed):
        hold(house, user=user, child=child)
    assert hold(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=1)).status == "held"
    assert hold(house.other, user=user, child=child).status == "held"


@pytest.mark.parametrize(
    ("part", "refused"),
    [
        ({"from_minute": 0, "to_minute": 14 * 60}, False),
        ({"from_minute": 0, "to_minute": 14 * 60 + 1}, True),
        ({"from_minute": 17 * 60 - 1, "to_minute": 1440}, True),
        ({"from_minute": 17 * 60, "to_minute": 1440}, False),
        ({"class_kind": "infant"}, False),
        ({"class_kind": "toddler"}, True),
    ],
)
def test_closed_part_refuses_what_touches_it(house, part, refused):
    """By the closing alone: its cells are left as they were."""
    user, child = toddler()
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW, **part)

    if refused:
        with pytest.raises(refusals.Closed):
            hold(house, user=user, child=child)
    else:
        assert hold(house, user=user, child=child).status == "held"


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [
        (dt.time(12), dt.time(14), False),
        (dt.time(13), dt.time(15), True),
        (dt.time(16), dt.time(18), True),
        (dt.time(17), dt.time(18), False),
    ],
)
def test_child_elsewhere_then_is_refused_and_neighbouring_stays_are_not(house, starts, ends, refused):
    user, child = toddler()
    booked(house.other, user=user, child=child)

    if refused:
        with pytest.raises(refusals.Duplicate):
            hold(house, user=user, child=child, starts=starts, ends=ends)
    else:
        assert hold(house, user=user, child=child, starts=starts, ends=ends).status == "held"


@pytest.mark.parametrize(
    ("after", "refused"), [(dt.timedelta(minutes=14, seconds=59), True), (dt.timedelta(minutes=15), False)]
)
def test_other_hold_of_the_child_counts_until_it_ran_out(house, after, refused):
    user, child = toddler()
    earlier = hold(house.other, user=user, child=child)

    if refused:
        with pytest.raises(refusals.Duplicate):
            hold(house, user=user, child=child, now=NOW + after)
    else:
        hold(house, user=user, child=child, now=NOW + after)
    earlier.refresh_from_db()
    assert earlier.status == ("held" if refused else "expired")
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(
    ("after", "is_full"), [(dt.timedelta(minutes=14, seconds=59), True), (dt.timedelta(minutes=15), False)]
)
def test_place_of_another_hold_counts_until_it_ran_out(house, after, is_full):
    limit(house, "toddler", 1)
    user, child = toddler()
    earlier = hold(house, user=user, child=child)
    other, sibling = toddler()

    if is_full:
        with pytest.raises(refusals.Full):
            hold(house, user=other, child=sibling, now=NOW + after)
    else:
        hold(house, user=other, child=sibling, now=NOW + after)
    earlier.refresh_from_db()
    assert earlier.status == ("held" if is_full else "expired")
    assert list(ledger_differences()) == []


def test_confirmed_place_is_never_taken_for_one_that_ran_out(house):
    limit(house, "toddler", 1)
    user, child = toddler()
    first = booked(house, user=user, child=child)
    other, sibling = toddler()
    hold(house, user=other, child=sibling, starts=dt.time(9), ends=dt.time(10))
    third, cousin = toddler()

    with pytest.raises(refusals.Full):
        hold(house, user=third, child=cousin, now=NOW + dt.timedelta(hours=1))

    first.refresh_from_db()
    assert first.status == "confirmed"


def test_full_lists_the_other_offers_of_the_day_and_class(house):
    limit(house, "toddler", 0, *(dt.time(hour, minute) for hour in (14, 15, 16) for minute in (0, 30)))
    limit(house, "all", 2, dt.time(10))
    user, child = toddler()

    with pytest.raises(refusals.Full) as refused:
        hold(house, user=user, child=child)

    offers = refused.value.extra["alternatives"]
    seen = {(o.mode, o.starts_at, o.product.public_id): o for o in offers}
    day_long = seen["hourly", at(TOMORROW, dt.time(9)), house.products["hourly"].public_id]
    morning = seen["hourly", at(TOMORROW, dt.time(9)), house.products["morning"].public_id]
    over_ten = seen["hourly", at(TOMORROW, dt.time(9, 30)), house.products["hourly"].public_id]
    assert (day_long.ends_at, day_long.max_ends_at, day_long.remaining) == (
        at(TOMORROW, dt.time(10)),
        at(TOMORROW, dt.time(14)),
        9,
    )
    assert (morning.max_ends_at, over_ten.remaining) == (at(TOMORROW, dt.time(12)), 2)
    afternoon = {o.starts_at for o in offers if o.starts_at > at(TOMORROW, dt.time(13))}
    assert afternoon == {at(TOMORROW, dt.time(17))}
    assert {o.mode for o in offers} == {"hourly", "half_day", "temporary"}


def test_full_day_lists_nothing(house):
    limit(house, "toddler", 0)
    user, child = toddler()

    with pytest.raises(refusals.Full) as refused:
        hold(house, user=user, child=child)

    assert refused.value.extra["alternatives"] == []


def test_stay_of_many_days_reads_and_takes_nothing(house):
    user, child = toddler()

    with pytest.raises(refusals.OutsideHours):
        hold_many_days(house, user, child)
    assert Booking.objects.count() == 0


def hold_many_days(house, user, child):
    return hold_care(
        user=user,
        institution=house.institution.public_id,
        child=child.public_id,
        mode="hourly",
        starts_at=at(TOMORROW, dt.time(9)),
        ends_at=at(TOMORROW + dt.timedelta(days=3), dt.time(10)),
        key="many",
        now=NOW,
    )
