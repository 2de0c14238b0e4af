"""The one writer of cells: what changes, what is refused, and what a refused change leaves."""

from __future__ import annotations

import pytest

from booking.places.models import CapacityCell
from booking.places.services.cells import BATCH, PlacesGone, change_cells, over_by, set_targets
from tests.factories.booking import open_house

pytestmark = pytest.mark.django_db


def make_cell(target: int, taken: int) -> int:
    """One cell of the house, over by ``taken - target`` where that is more than 0."""
    cell = CapacityCell.objects.filter(target=6, taken=0).order_by("pk").first() or fresh()
    CapacityCell.objects.filter(pk=cell.pk).update(target=target, taken=taken, capacity=max(target, taken))
    return cell.pk


def fresh() -> CapacityCell:
    open_house(days=0)
    return CapacityCell.objects.filter(target=6, taken=0).order_by("pk").first()


def numbers(*cells: int) -> list[tuple[int, int, int]]:
    found = CapacityCell.objects.in_bulk(cells)
    return [(found[pk].target, found[pk].taken, found[pk].capacity) for pk in cells]


@pytest.mark.parametrize(
    ("target", "taken", "units", "after"),
    [
        (2, 0, 1, (2, 1, 2)),
        (2, 1, 1, (2, 2, 2)),
        (2, 2, 1, None),
        (2, 3, 1, None),
        (2, 0, 2, (2, 2, 2)),
        (2, 1, 2, None),
        (2, 1, 0, (2, 1, 2)),
        (2, 2, 0, (2, 2, 2)),
        (2, 3, 0, None),
        (2, 3, -1, (2, 2, 2)),
        (2, 4, -1, (2, 3, 3)),
        (2, 1, -1, (2, 0, 2)),
        (2, 0, -1, None),
        (0, 2, -2, (0, 0, 0)),
    ],
)
def test_change_of_one_cell(target, taken, units, after):
    cell = make_cell(target, taken)

    if after is None:
        with pytest.raises(PlacesGone) as gone:
            change_cells({cell: units})
        assert gone.value.extra["deltas"] == {cell: units}
    else:
        change_cells({cell: units})
    assert numbers(cell) == [after or (target, taken, max(target, taken))]


def test_staff_may_go_over_the_target_and_capacity_follows():
    cells = [make_cell(2, 2), make_cell(2, 3), make_cell(2, 0)]

    change_cells({cells[0]: 1, cells[1]: 0, cells[2]: 1}, over_ok=True)

    assert numbers(*cells) == [(2, 3, 3), (2, 3, 3), (2, 1, 2)]


def test_nobody_takes_back_what_was_not_taken_even_when_over_is_allowed():
    cell = make_cell(2, 0)

    with pytest.raises(PlacesGone):
        change_cells({cell: -1}, over_ok=True)


def test_second_of_two_cells_that_is_full_refuses_both():
    free, full = make_cell(2, 1), make_cell(2, 2)

    with pytest.raises(PlacesGone):
        change_cells({free: 1, full: 1})


def test_some_give_while_others_take():
    takes, gives, full = make_cell(2, 1), make_cell(2, 2), make_cell(1, 1)

    change_cells({takes: 1, gives: -1})
    assert numbers(takes, gives) == [(2, 2, 2), (2, 1, 2)]
    with pytest.raises(PlacesGone):
        change_cells({gives: 1, full: 1})


def test_nothing_to_change_changes_nothing():
    cell = make_cell(2, 1)

    change_cells({})

    assert numbers(cell) == [(2, 1, 2)]


@pytest.mark.parametrize(("target", "after"), [(0, (0, 2, 2)), (1, (1, 2, 2)), (2, (2, 2, 2)), (3, (3, 2, 3))])
def test_new_target_below_at_and_above_what_is_taken(target, after):
    cell = make_cell(5, 2)

    set_targets({cell: target})

    assert numbers(cell) == [after]


def test_cells_beyond_one_batch_get_their_targets_too():
    open_house(days=14)
    cells = list(CapacityCell.objects.order_by("pk").values_list("pk", flat=True)[: BATCH + 3])

    set_targets(dict.fromkeys(cells, 1) | {cells[-1]: 2})
    change_cells(dict.fromkeys(cells, 1))

    assert numbers(cells[0], cells[BATCH], cells[-1]) == [(1, 1, 1), (1, 1, 1), (2, 1, 2)]


def test_over_by_the_worst_cell():
    cells = [make_cell(2, 2), make_cell(1, 3), make_cell(5, 0)]

    assert over_by({cells[0]: 1}) == 1
    assert over_by({cells[0]: 1, cells[1]: 1, cells[2]: 1}) == 3
    assert over_by({cells[2]: 1}) == 0
