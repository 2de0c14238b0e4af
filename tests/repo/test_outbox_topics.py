"""Each topic of the outbox is one that staff can read about."""

from __future__ import annotations

from cms.core.runtime.kernel_ports import outbox_handlers


def test_every_topic_has_a_name_for_staff() -> None:
    assert [topic for topic, handler in outbox_handlers.all().items() if not handler.label] == []
