"""The developer inbox, read in a second tab as somebody at this machine does."""

from __future__ import annotations

import re

from tests.journeys import world
from tests.journeys.visitor import Visitor

CODE = re.compile(r"\b\d{6}\b")


def _inbox(visitor: Visitor) -> str:
    tab = visitor.context.new_page()
    tab.goto("/dev/inbox/")
    text = tab.get_by_role("main").inner_text()
    tab.close()
    return text


def text_code(visitor: Visitor) -> str:
    """The code of the newest text."""
    world.jobs_run()
    texts = _inbox(visitor).split("\n短信\n", 1)[1]
    found = CODE.search(texts)
    assert found, texts
    return found[0]


def staff_code(visitor: Visitor, username: str) -> str:
    """What the authenticator of that colleague shows now."""
    after = _inbox(visitor).split(username, 1)[1]
    found = CODE.search(after)
    assert found, after
    return found[0]
