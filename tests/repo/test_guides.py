"""The guides name what stands on the screens: each word in 「」 is one of the site's own, or of Wagtail's."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
#: Buttons of Wagtail, in its own translation.
WAGTAIL = {"保存草稿", "发布", "页面", "设置计划"}
APPS = ("cms", "directory", "booking", "parenting")


def screens() -> str:
    """All that templates and Python files say."""
    files = [path for app in APPS for ending in ("html", "py") for path in (ROOT / app).rglob(f"*.{ending}")]
    return "\n".join(path.read_text() for path in files)


def test_words_in_quotes_stand_on_the_screens() -> None:
    text = screens()
    # A sentence with an age or a date stands there with a placeholder.
    named = {
        part.strip()
        for guide in GUIDES
        for words in re.findall("「([^」]+)」", guide.read_text())
        for part in words.split("›")
        if not re.search(r"\d{2}", part)
    }

    assert sorted(word for word in named - WAGTAIL if word not in text) == []


def test_guides_are_on_the_map() -> None:
    readme = (ROOT / "docs" / "README.md").read_text()

    assert [guide.name for guide in GUIDES if f"guides/{guide.name}" not in readme] == []


def test_every_decision_is_on_the_map() -> None:
    readme = (ROOT / "docs" / "README.md").read_text()

    assert [path.name for path in (ROOT / "docs" / "adr").glob("*.md") if f"adr/{path.name}" not in readme] == []
