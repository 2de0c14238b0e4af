from __future__ import annotations

import pytest

from cms.core.display.icons import load_symbols, render_icon


def test_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in render_icon("search")


def test_unknown_icon_fails_at_once():
    with pytest.raises(KeyError):
        render_icon("unicorn")


def test_all_icons_share_one_line_weight():
    assert not [name for name, (_box, drawing) in load_symbols().items() if "stroke-width" in drawing]
