"""Which files are mutated, what is drawn, and what is marked as equivalent."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.mutants.pool import draw, equivalents, mutants_of, pool

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "shop/__init__.py": "",
    "shop/services/prices.py": "def price(a):\n    return a + 1\n",
    "shop/queries.py": "X = a < b\n",
    "shop/places/sql/cells.py": "X = 1\n",
    "shop/places/queue_sql.py": "X = 1\n",
    "shop/places/stay_rules.py": "X = 1\n",
    "shop/places/open_days.py": "X = 1\n",
    "shop/places/__init__.py": "",
    "shop/places/apps.py": "X = 1\n",
    "shop/places/api.py": "X = 1\n",
    "shop/places/api_shapes.py": "X = 1\n",
    "shop/places/enums.py": "X = 1\n",
    "shop/places/models.py": "X = 1\n",
    "shop/places/ports.py": "X = 1\n",
    "shop/places/urls.py": "X = 1\n",
    "shop/urls.py": "X = 1\n",
    "cms/accounts/phone.py": "X = 1\n",
    "cms/accounts/signin/proofs.py": "X = 1\n",
    "cms/accounts/signin/urls.py": "X = 1\n",
    "cms/accounts/models/user.py": "X = 1\n",
    "cms/urls.py": "X = 1\n",
    "shop/search/hits.py": "X = 1\n",
    "shop/importing/cells.py": "X = 1\n",
    "shop/places/views/prices.py": "X = 1\n",
    "shop/places/models/prices.py": "X = 1\n",
    "shop/services/migrations/0001_initial.py": "X = 1\n",
    "shop/search/apps.py": "X = 1\n",
    "shop/search/management/commands/build.py": "X = 1\n",
    "shop/services/notes.md": "1 < 2\n",
    "cms/__init__.py": "",
    "cms/core/web/limits.py": "X = 1\n",
    "cms/core/wagtail_hooks.py": "X = 1\n",
    "cms/settings/search.py": "X = 1\n",
    "tests/services/test_prices.py": "X = 1\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_pool_is_found_by_the_parts_of_paths(tree: Path) -> None:
    assert pool(tree) == [
        "cms/accounts/phone.py",
        "cms/accounts/signin/proofs.py",
        "cms/core/web/limits.py",
        "shop/importing/cells.py",
        "shop/places/open_days.py",
        "shop/places/queue_sql.py",
        "shop/places/sql/cells.py",
        "shop/places/stay_rules.py",
        "shop/queries.py",
        "shop/search/hits.py",
        "shop/services/prices.py",
    ]


def test_area_narrows_the_pool(tree: Path) -> None:
    assert pool(tree, "./shop/places/") == [
        "shop/places/open_days.py",
        "shop/places/queue_sql.py",
        "shop/places/sql/cells.py",
        "shop/places/stay_rules.py",
    ]


def test_area_that_names_a_file_needs_no_room(tree: Path) -> None:
    assert pool(tree, "shop/places/views/prices.py") == ["shop/places/views/prices.py"]


def test_area_that_does_not_exist_is_told(tree: Path) -> None:
    with pytest.raises(SystemExit, match=r"shop/absent does not exist\."):
        pool(tree, "shop/absent")


def test_draw_is_the_same_for_a_seed(tree: Path) -> None:
    once = draw(tree, area="", number=5, seed=1)

    assert len(once) == 5
    assert draw(tree, area="", number=5, seed=1) == once
    assert draw(tree, area="", number=5, seed=2) != once


def test_draw_gives_all_where_fewer_are_there(tree: Path) -> None:
    drawn = draw(tree, area="shop/services", number=60, seed=1)

    assert [str(mutant) for mutant in drawn] == [
        "shop/services/prices.py:2 plus/minus: return a + 1 → return a - 1",
        "shop/services/prices.py:2 ±1: return a + 1 → return a + 0",
        "shop/services/prices.py:2 ±1: return a + 1 → return a + 2",
    ]
    assert {mutant.area for mutant in drawn} == {"shop"}


def test_area_in_the_table_is_the_app(tree: Path) -> None:
    assert {mutant.area for mutant in mutants_of(tree, "cms/core/web/limits.py")} == {"cms.core"}


def test_survivor_with_a_reason_is_an_entry_of_the_list(tree: Path) -> None:
    [mutant, *_] = mutants_of(tree, "shop/queries.py")
    (tree / "tests/mutants").mkdir()
    (tree / "tests/mutants/equivalent.txt").write_text(f"# words\n\n{mutant}  # b is never reached\n")

    assert equivalents(tree) == {("shop/queries.py", "boundary", "X = a < b → X = a <= b"): "b is never reached"}


def test_entry_without_a_reason_is_refused(tree: Path) -> None:
    (tree / "tests/mutants").mkdir()
    (tree / "tests/mutants/equivalent.txt").write_text("shop/queries.py:1 boundary: a < b → a <= b\n")

    with pytest.raises(SystemExit, match="not `path operator"):
        equivalents(tree)


def test_every_entry_of_the_list_still_names_a_mutant() -> None:
    stale = [
        entry
        for entry in equivalents(ROOT)
        if not (ROOT / entry[0]).exists()
        or entry[1:] not in {(each.operator, f"{each.before} → {each.after}") for each in mutants_of(ROOT, entry[0])}
    ]

    assert stale == []
